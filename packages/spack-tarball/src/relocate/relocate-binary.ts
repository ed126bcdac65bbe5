// Relocates binaries, with one entry for each format. A new format needs a folder beside elf/ that reads it, an entry
// in classify/binary-format.ts and one here.

import type { MemoryFile, RandomAccess } from "@spack-oci/files";
import { type BinaryFormat, binaryFormatOf, MAGIC_LENGTH } from "../classify/binary-format.js";
import { type BlockedString, CStringPatches } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import type { OpenedFile } from "./listed-file.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateElf, type StructureRelocation } from "./relocate-elf.js";

/** Changes what a format describes by itself, in place; the C strings follow. */
type StructureRelocator = (file: RandomAccess, map: PrefixMap) => StructureRelocation;

const STRUCTURES: Readonly<Record<BinaryFormat, StructureRelocator>> = {
  elf: relocateElf,
  "mach-o": () => UNCHANGED,
};

const UNCHANGED: StructureRelocation = { blocked: [], grownStrings: undefined };

/**
 * Relocates a file that was classified or listed as a binary. If its format is unknown, only C strings are relocated.
 *
 * @param format if the caller knows it; otherwise the first bytes of the file decide
 * @returns the strings that do not fit; if there are any, the caller must drop the file
 */
export async function relocateBinary(
  { file }: OpenedFile,
  map: PrefixMap,
  format?: BinaryFormat,
): Promise<readonly BlockedString[]> {
  const { blocked, grownStrings } = relocateStructure(file, map, format);
  return merged(blocked, await relocateCStrings(file, map, grownStrings));
}

/** The same for a file in memory. */
export function relocateBinaryInMemory(file: MemoryFile, map: PrefixMap): readonly BlockedString[] {
  const { blocked, grownStrings } = relocateStructure(file, map);
  const search = new CStringPatches(map);
  const patches = search.push(file.bytes.subarray(0, grownStrings));
  for (const { bytes, position } of [...patches, ...search.end()]) file.writeNow(bytes, position);
  return merged(blocked, search.blocked);
}

function relocateStructure(file: RandomAccess, map: PrefixMap, format?: BinaryFormat): StructureRelocation {
  const known = format ?? formatOf(file);
  return known === undefined ? UNCHANGED : STRUCTURES[known](file, map);
}

/** Prefixes inside a run path that did not fit are part of what is reported already. */
function merged(
  blocked: readonly BlockedString[],
  strings: readonly BlockedString[],
): readonly BlockedString[] {
  return [...blocked, ...strings.filter((string) => !blocked.some((whole) => isInside(string, whole)))];
}

function formatOf(file: RandomAccess): BinaryFormat | undefined {
  const magic = Buffer.alloc(MAGIC_LENGTH);
  return binaryFormatOf(magic.subarray(0, file.readNow(magic, 0)));
}

function isInside(part: BlockedString, whole: BlockedString): boolean {
  return part.position >= whole.position && part.position < whole.position + whole.found.length;
}
