// First pushes and pulls of a few and of many small packages.

import { fileURLToPath } from "node:url";
import { PADDING } from "../stores/pull-sample.js";
import { FLOOR } from "../support/surroundings.js";
import type { BenchmarkCase } from "./benchmark-case.js";
import { bothCompressions } from "./both-compressions.js";
import { type Way, ways } from "./ways.js";

const FLOOR_ABOUT =
  "The floor is a plain Node program that does nothing else: no plan, no locks, no database (tests/benchmarks/floors/pull.mjs).";

const pushFloor = fileURLToPath(new URL("../floors/push.mjs", import.meta.url));

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
    about:
      "Into an empty buildcache, including the index. The plain program does the least: it neither relocates nor checks anything.",
    rivals: async (surroundings) => {
      const { root, roots } = await surroundings.smallPackages(surroundings.settings[count]);
      const open = await way.open(surroundings);
      const mirror = () => open(surroundings.newMirror("push"));
      const spackPush = ["buildcache", "push", "--unsigned", "--update-index", "mochi", ...roots];
      const push = ["--store", root, "--update-index"];
      return [
        ...bothCompressions((...options) => surroundings.ours("push", mirror(), ...push, ...options)),
        ...surroundings.spack(() => ({ root, paddedLength: PADDING, mirror: mirror() }), ...spackPush),
        { name: FLOOR, prepare: () => surroundings.floor(pushFloor, mirror(), root) },
      ];
    },
  };
}

function pullCase(count: Count, way: Way): BenchmarkCase {
  return {
    name: `pull-${count}${way.suffix}`,
    title: (settings) => `Pull and relocate ${settings[count]} small packages${way.title}`,
    about: `Into an empty store. ${FLOOR_ABOUT}`,
    rivals: async (surroundings) => {
      const { [count]: packages } = surroundings.settings;
      const { roots, specFiles } = await surroundings.smallPackages(packages);
      const open = await way.open(surroundings);
      const filled = async (...options: readonly string[]) =>
        open(await surroundings.filledMirror(packages, ...options));
      return [
        ...bothCompressions(async (...options) => surroundings.ourPull(await filled(...options), ...roots)),
        surroundings.floorPull(await filled()),
        ...surroundings.spackPull(await filled(), ...specFiles),
      ];
    },
  };
}
