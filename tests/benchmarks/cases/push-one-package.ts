// Pushes of a single package, compared with pipelines that only pack it.

import { canWriteZstd } from "../../support/zstd.js";
import { FILLED } from "../stores/filled-package.js";
import { PADDING } from "../stores/pull-sample.js";
import { layerOf } from "../support/layers.js";
import type { Rival } from "../support/measure.js";
import { withPrograms } from "../support/programs.js";
import type { Surroundings } from "../support/surroundings.js";
import { type BenchmarkCase, OURS, OURS_WITH_ZSTD } from "./benchmark-case.js";
import { type Filling, fillings } from "./fillings.js";
import { type Way, ways } from "./ways.js";

export const pushOnePackage: readonly BenchmarkCase[] = fillings.flatMap((filling) =>
  filling.isLong
    ? [pushCase(filling, ways.direct)]
    : [pushCase(filling, ways.direct), pushCase(filling, ways.link)],
);

/** Compressors to compare with. */
const PIGZ = "pigz -6";
const ZSTD = "zstd -T0";

/** The pipelines' names in tables. */
export const PIGZ_PIPELINE = pipeline(PIGZ);
export const ZSTD_PIPELINE = pipeline(ZSTD);

const ONLY = ["--only", "package"];

function pushCase({ name, title, isLong, store }: Filling, way: Way): BenchmarkCase {
  return {
    name: `push-${name}${way.suffix}`,
    title: (settings) => `Push ${title(settings)}${way.title}`,
    isLong,
    about: "Into an empty buildcache. The pipelines only pack: they upload nothing.",
    rivals: async (surroundings) => {
      const { root, prefix } = await store(surroundings);
      const open = await way.open(surroundings);
      const push = (...options: string[]) => [FILLED, ...ONLY, "--store", root, ...options];
      const ours = withMirror(surroundings, (begin) => [
        { name: OURS, prepare: () => surroundings.ours("push", open(begin()), ...push()) },
      ]);
      const withZstd = withMirror(surroundings, (begin) => [
        {
          name: OURS_WITH_ZSTD,
          prepare: () => surroundings.ours("push", open(begin()), ...push("--compression", "zstd")),
        },
      ]);
      const spackPush = ["buildcache", "push", "--unsigned", ...ONLY, "mochi", FILLED];
      const spack = withMirror(surroundings, (begin) =>
        surroundings.spack(() => ({ root, paddedLength: PADDING, mirror: open(begin()) }), ...spackPush),
      );
      const zstd = canWriteZstd(OURS_WITH_ZSTD) ? withZstd : [];
      const pipelines = ["gzip -6", PIGZ, ZSTD].flatMap((program) => pack(program, prefix));
      return [...ours, ...zstd, ...spack, ...pipelines];
    },
  };
}

/** Rivals that push to a new buildcache in each run, and the size of the layer in the last one. */
function withMirror(surroundings: Surroundings, make: (begin: () => string) => Rival[]): Rival[] {
  let mirror = "";
  const begin = () => {
    mirror = surroundings.newMirror("push");
    return mirror;
  };
  const size = async () => (await layerOf(surroundings, mirror)).size;
  return make(begin).map((rival) => ({ ...rival, size }));
}

function pack(program: string, prefix: string): Rival[] {
  return withPrograms([program.split(" ")[0] ?? ""], {
    name: pipeline(program),
    prepare: () => ({ script: `tar -c -C ${prefix} . | ${program} -c | sha256sum >/dev/null` }),
  });
}

function pipeline(program: string): string {
  return `\`tar \\| ${program} \\| sha256sum\``;
}
