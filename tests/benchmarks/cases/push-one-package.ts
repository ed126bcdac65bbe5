// Push of one package, beside pipelines that pack it.
import { FILLED } from "../stores/filled-package.js";
import { PADDING } from "../stores/pull-sample.js";
import { layerOf } from "../support/layers.js";
import type { Rival } from "../support/measure.js";
import { withPrograms } from "../support/programs.js";
import type { Surroundings } from "../support/surroundings.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";
import { type Filling, fillings } from "./fillings.js";

export const pushOnePackage: readonly BenchmarkCase[] = fillings.map(pushCase);

function pushCase({ name, title, isLong, store }: Filling): BenchmarkCase {
  return {
    name: `push-${name}`,
    title: (settings) => `Push ${title(settings)}`,
    isLong,
    about: "Into an empty buildcache, compressed with gzip. The pipelines only pack: they upload nothing.",
    rivals: async (surroundings) => {
      const { root, prefix } = await store(surroundings);
      const only = ["--only", "package"];
      const ours = withMirror(surroundings, (begin) => [
        { name: OURS, prepare: () => surroundings.ours("push", begin(), FILLED, ...only, "--store", root) },
      ]);
      const spackPush = ["buildcache", "push", "--unsigned", ...only, "mochi", FILLED];
      const spack = withMirror(surroundings, (begin) =>
        surroundings.spack(() => ({ root, paddedLength: PADDING, mirror: begin() }), ...spackPush),
      );
      return [...ours, ...spack, ...pack("gzip", prefix), ...pack("pigz", prefix)];
    },
  };
}

/** Rivals that push into a mirror which is new for each run, and how large the layer is in the last one. */
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
  return withPrograms([program], {
    name: `\`tar \\| ${program} -6 \\| sha256sum\``,
    prepare: () => ({ script: `tar -c -C ${prefix} . | ${program} -6 | sha256sum >/dev/null` }),
  });
}
