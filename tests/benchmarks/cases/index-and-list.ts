// Indexes and lists a whole buildcache.

import { PADDING } from "../stores/pull-sample.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";
import { bothCompressions } from "./both-compressions.js";

const updateIndex: BenchmarkCase = {
  name: "update-index",
  title: ({ many }) => `Index ${many} small packages`,
  about: "Everything is read again, as Spack always does.",
  rivals: async (surroundings) => {
    const { many } = surroundings.settings;
    const { root } = await surroundings.smallPackages(many);
    const mirror = await surroundings.filledMirror(many);
    return [
      ...bothCompressions(async (...options) =>
        surroundings.ours("update-index", await surroundings.filledMirror(many, ...options), "--rebuild"),
      ),
      ...surroundings.spack(
        () => ({ root, paddedLength: PADDING, mirror }),
        "buildcache",
        "update-index",
        "mochi",
      ),
      {
        name: "spack-oci without `--rebuild`",
        prepare: () => surroundings.ours("update-index", mirror),
      },
    ];
  },
};

const list: BenchmarkCase = {
  name: "list",
  title: ({ many }) => `List ${many} small packages`,
  about: "With an empty cache.",
  rivals: async (surroundings) => {
    const { many } = surroundings.settings;
    const { root } = await surroundings.smallPackages(many);
    const mirror = await surroundings.filledMirror(many);
    return [
      { name: OURS, prepare: () => surroundings.ours("list", mirror) },
      ...surroundings.spack(() => ({ root, paddedLength: PADDING, mirror }), "buildcache", "list", "-a"),
    ];
  },
};

export const indexAndList: readonly BenchmarkCase[] = [updateIndex, list];
