// Pushes and pulls of packages that are already present.

import { shortRoot } from "../../interop/support/short-root.js";
import { PADDING } from "../stores/pull-sample.js";
import { spackInstall } from "../support/surroundings.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";
import { type Way, ways } from "./ways.js";

export const presentPackages: readonly BenchmarkCase[] = [ways.direct, ways.link].flatMap((way) => [
  pushCase(way),
  pullCase(way),
]);

function pushCase(way: Way): BenchmarkCase {
  return {
    name: `push-present${way.suffix}`,
    title: ({ many }) => `Push ${many} small packages that already exist${way.title}`,
    about: "With an empty cache.",
    rivals: async (surroundings) => {
      const { many } = surroundings.settings;
      const { root, roots } = await surroundings.smallPackages(many);
      const open = await way.open(surroundings);
      const mirror = open(await surroundings.filledMirror(many));
      return [
        { name: OURS, prepare: () => surroundings.ours("push", mirror, "--store", root) },
        ...surroundings.spack(
          () => ({ root, paddedLength: PADDING, mirror }),
          ...["buildcache", "push", "--unsigned", "mochi", ...roots],
        ),
      ];
    },
  };
}

function pullCase(way: Way): BenchmarkCase {
  return {
    name: `pull-present${way.suffix}`,
    title: ({ many }) => `Pull ${many} small packages that are already installed${way.title}`,
    about: "With an empty cache.",
    rivals: async (surroundings) => {
      const { many } = surroundings.settings;
      const { roots, specFiles } = await surroundings.smallPackages(many);
      const open = await way.open(surroundings);
      const filled = await surroundings.filledMirror(many);
      const mirror = open(filled);
      const root = shortRoot();
      await surroundings.prepare("pull", "--allarch", filled, ...roots, "--root", root);
      return [
        {
          name: OURS,
          prepare: () => surroundings.ours("pull", "--allarch", mirror, ...roots, "--root", root),
        },
        ...surroundings.spack(() => ({ root, mirror }), ...spackInstall(specFiles)),
      ];
    },
  };
}
