// Push and pull where nothing is there yet, of a few and of many small packages.

import { canWriteZstd } from "../../support/zstd.js";
import { PADDING } from "../stores/pull-sample.js";
import { type BenchmarkCase, OURS, OURS_WITH_ZSTD } from "./benchmark-case.js";
import { type Way, ways } from "./ways.js";

type Count = "few" | "many";

export const smallPackages: readonly BenchmarkCase[] = [
  pushCase("few", ways.direct),
  pullCase("few", ways.direct),
  pushCase("many", ways.direct),
  pullCase("many", ways.direct),
  pushCase("few", ways.link),
  pullCase("few", ways.link),
];

function pushCase(count: Count, way: Way): BenchmarkCase {
  return {
    name: `push-${count}${way.suffix}`,
    title: (settings) => `Push ${settings[count]} small packages${way.title}`,
    about: "Into an empty buildcache, index included.",
    rivals: async (surroundings) => {
      const { root, roots } = await surroundings.smallPackages(surroundings.settings[count]);
      const open = await way.open(surroundings);
      const mirror = () => open(surroundings.newMirror("push"));
      const spackPush = ["buildcache", "push", "--unsigned", "--update-index", "mochi", ...roots];
      const ours = (name: string, ...options: readonly string[]) => ({
        name,
        prepare: () => surroundings.ours("push", mirror(), "--store", root, "--update-index", ...options),
      });
      return [
        ours(OURS),
        ...(canWriteZstd(OURS_WITH_ZSTD) ? [ours(OURS_WITH_ZSTD, "--compression", "zstd")] : []),
        ...surroundings.spack(() => ({ root, paddedLength: PADDING, mirror: mirror() }), ...spackPush),
      ];
    },
  };
}

function pullCase(count: Count, way: Way): BenchmarkCase {
  return {
    name: `pull-${count}${way.suffix}`,
    title: (settings) => `Pull and relocate ${settings[count]} small packages${way.title}`,
    about: "Into an empty store.",
    rivals: async (surroundings) => {
      const { roots, specFiles } = await surroundings.smallPackages(surroundings.settings[count]);
      const open = await way.open(surroundings);
      const mirror = open(await surroundings.filledMirror(surroundings.settings[count]));
      return [
        { name: OURS, prepare: () => surroundings.ourPull(mirror, ...roots) },
        ...surroundings.spackPull(mirror, ...specFiles),
      ];
    },
  };
}
