// Relocates binaries, with one entry for each format. A new format needs a folder beside elf/ that reads it, an entry
// in classify/binary-format.ts and one here.

import type { MemoryFile, RandomAccess } from "@spack-oci/files";
import { type BinaryFormat, binaryFormatOf, MAGIC_LENGTH } from "../classify/binary-format.js";
import { type BlockedString, CStringPatches } from "../prefixes/c-string-patches.js";
import type { OpenedFile } from "./listed-file.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateElf } from "./relocate-elf.js";
import { relocateMachO } from "./relocate-mach-o.js";
import { binaryFormatOfPlatform, type Relocation } from "./relocation.js";
import { signChanged } from "./sign-changed.js";
import { type StructureRelocation, UNCHANGED } from "./structure-relocation.js";
import { WatchedAccess, WatchedFile } from "./watched-file.js";

/** How one binary is relocated. */
export interface BinaryRelocation extends Relocation {
  /** Of the file, below the package's prefix. */
  readonly name: string;
  /** If the caller knows the format; otherwise the first bytes of the file decide. */
  readonly known?: BinaryFormat | undefined;
}

/** Changes what a format describes by itself; the C strings follow. */
type StructureRelocator = (file: RandomAccess, relocation: BinaryRelocation) => StructureRelocation;

const STRUCTURES: Readonly<Record<BinaryFormat, StructureRelocator>> = {
  elf: (file, { map }) => relocateElf(file, map),
  "mach-o": (file, { map, name }) => relocateMachO(file, map, name),
};

/**
 * Relocates a file that was classified or listed as a binary. If its format is not the one of the package's platform,
 * only C strings are relocated. Mach-O files that change are signed.
 *
 * @returns the strings that do not fit; if there are any, the caller must drop the file
 */
export async function relocateBinary(
  { file }: OpenedFile,
  relocation: BinaryRelocation,
): Promise<readonly BlockedString[]> {
  const format = formatOf(file, relocation);
  const watched = new WatchedFile(file);
  const { blocked, relocated } = relocateStructure(watched, format, relocation);
  const all = merged(blocked, await relocateCStrings(watched, relocation.map, relocated));
  if (all.length === 0 && format === "mach-o") signChanged(file, watched.changes, relocation);
  return all;
}

/** The same for a file in memory. */
export function relocateBinaryInMemory(
  file: MemoryFile,
  relocation: BinaryRelocation,
): readonly BlockedString[] {
  const format = formatOf(file, relocation);
  const watched = new WatchedAccess(file);
  const { blocked, relocated } = relocateStructure(watched, format, relocation);
  const search = new CStringPatches(relocation.map, relocated);
  const patches = file.parts.flatMap((part) => search.push(part));
  for (const { bytes, position } of [...patches, ...search.end()]) watched.writeNow(bytes, position);
  const all = merged(blocked, search.blocked);
  if (all.length === 0 && format === "mach-o") signChanged(file, watched.changes, relocation);
  return all;
}

function relocateStructure(
  file: RandomAccess,
  format: BinaryFormat | undefined,
  relocation: BinaryRelocation,
): StructureRelocation {
  return format === undefined ? UNCHANGED : STRUCTURES[format](file, relocation);
}

/** The format of a file whose structure counts. */
function formatOf(file: RandomAccess, { known, platform }: BinaryRelocation): BinaryFormat | undefined {
  const found = known ?? detectedFormat(file);
  return found === binaryFormatOfPlatform(platform) ? found : undefined;
}

function detectedFormat(file: RandomAccess): BinaryFormat | undefined {
  const magic = Buffer.alloc(MAGIC_LENGTH);
  return binaryFormatOf(magic.subarray(0, file.readNow(magic, 0)));
}

/** Prefixes inside a run path that did not fit are part of what is reported already. */
function merged(
  blocked: readonly BlockedString[],
  strings: readonly BlockedString[],
): readonly BlockedString[] {
  return [...blocked, ...strings.filter((string) => !blocked.some((whole) => isInside(string, whole)))];
}

function isInside(part: BlockedString, whole: BlockedString): boolean {
  return part.position >= whole.position && part.position < whole.position + whole.found.length;
}
