// What relocating and signing Mach-O files costs without the rest of a pull, compared with ELF files of the same sizes.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scratchDirectory } from "../../support/scratch.js";
import { writeBinaryPackage } from "../programs/binary-package.js";
import { type BinaryFormat, sameBinaries } from "../stores/same-binaries.js";
import type { Rival } from "../support/measure.js";
import { FLOOR, SEED } from "../support/surroundings.js";
import type { BenchmarkCase } from "./benchmark-case.js";
import { MACH_O_FORMATS } from "./mach-o.js";

/** The names of rows whose files are also written. */
export const written = (name: string): string => `${name}, with writing and SHA-1`;

/** The floors by the size of pages. */
export const HASHING = `${FLOOR}: SHA-256 of pages of 4 KiB`;
const HASHING_LARGE_PAGES = `${FLOOR}: SHA-256 of pages of 16 KiB`;

export const machOAlone: BenchmarkCase = {
  name: "mach-o-alone",
  title: ({ large }) => `Relocate and sign ${large} MB of Mach-O files, and nothing else`,
  about:
    "The files of the case `mach-o`, without a registry, an archive or a compression. What counts is the work on each file once its bytes have arrived: in memory for files of up to 4 MiB, on disk for larger ones, as in a pull of a large package. The start of the program counts only as memory. In the rows with writing, the files are also written, and their SHA-1 is computed for the manifest, as in every install of files of any format. The floors only compute digests of pages, with nothing of spack-oci: signatures have one for every 4 KiB, also on Apple silicon, whose memory has pages of 16 KiB.",
  rivals: async (surroundings) => {
    const directory = scratchDirectory("binaries");
    const packages = MACH_O_FORMATS.map(([format, name]) => {
      return { name, place: writePackage(join(directory, format), format, surroundings.settings.large) };
    });
    const [{ place: first = "" } = {}] = packages;
    const rival = (name: string, program: string, ...args: readonly string[]): Rival => ({
      name,
      prepare: () => counted(program, args, join(directory, randomUUID())),
    });
    return [
      ...packages.map(({ name, place }) => rival(name, "relocate-files", place, "alone")),
      ...packages.map(({ name, place }) => rival(written(name), "relocate-files", place, "written")),
      rival(HASHING, "hash-pages", first, "4096"),
      rival(HASHING_LARGE_PAGES, "hash-pages", first, "16384"),
    ];
  },
};

function writePackage(directory: string, format: BinaryFormat, megabytes: number): string {
  const { prefix, root, platform, files } = sameBinaries(format, megabytes, SEED);
  writeBinaryPackage({ directory, prefix, root, platform }, files);
  return directory;
}

function counted(program: string, args: readonly string[], costFile: string) {
  const path = fileURLToPath(new URL(`../../../bundle/benchmark/${program}.mjs`, import.meta.url));
  return { script: [process.execPath, path, ...args, costFile].join(" "), costFile };
}
