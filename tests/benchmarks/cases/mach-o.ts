// What relocating and signing Mach-O files costs, compared with ELF files of the same sizes.

import { pushSynthetic } from "../../support/synthetic-buildcache.js";
import { type BinaryFormat, sameBinaries } from "../stores/same-binaries.js";
import type { Rival } from "../support/measure.js";
import { SEED, type Surroundings } from "../support/surroundings.js";
import { type BenchmarkCase, OURS } from "./benchmark-case.js";

/** The names in tables of pulls of other files. */
export const OLD_SIGNATURES = `${OURS}, old signatures`;
export const ELF_FILES = `${OURS}, ELF files`;

/** The formats of the same code, and what their rows are called. */
export const MACH_O_FORMATS: readonly (readonly [BinaryFormat, name: string])[] = [
  ["mach-o", OURS],
  ["mach-o-old", OLD_SIGNATURES],
  ["elf", ELF_FILES],
];

export const machO: BenchmarkCase = {
  name: "mach-o",
  title: ({ large }) => `Pull, relocate and sign ${large} MB of Mach-O files`,
  about:
    "Into an empty store. All rows pull the same code, in files of the same sizes. Each file contains the package's path as a string; Mach-O files also have it in three load commands, and are signed again. Those of the first row have the digests of a linker, and keep most of them; those with old signatures have none to keep, so every page is hashed.",
  rivals: async (surroundings) => {
    const rivals: Rival[] = [];
    for (const [format, name] of MACH_O_FORMATS)
      rivals.push({ name, prepare: await pullOf(format, surroundings) });
    return rivals;
  },
};

async function pullOf(format: BinaryFormat, surroundings: Surroundings): Promise<Rival["prepare"]> {
  const mirror = surroundings.newMirror(format);
  const filled = sameBinaries(format, surroundings.settings.large, SEED);
  await pushSynthetic(surroundings.open(mirror), [filled]);
  return () => surroundings.ourPull(mirror, filled.name);
}
