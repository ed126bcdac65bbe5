// Relocates binaries: the one table of what each format takes. A new format gets a folder beside elf/ that reads it, an entry
// in classify/binary-format.ts and one here; whatever it has to do after all writes, such as signing, belongs into its entry.

import type { OpenFile } from "@spack-oci/files";
import { type BinaryFormat, binaryFormatOf, MAGIC_LENGTH } from "../classify/binary-format.js";
import type { BlockedString } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import type { OpenedFile } from "./listed-file.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateElf } from "./relocate-elf.js";

/** Changes a binary in place. @returns the strings that have no room */
type Relocator = (opened: OpenedFile, map: PrefixMap) => Promise<readonly BlockedString[]>;

const RELOCATORS: Readonly<Record<BinaryFormat, Relocator>> = {
  elf: async ({ file }, map) => {
    const { blocked, grownStrings } = await relocateElf(file, map);
    const strings = await relocateCStrings(file, map, grownStrings);
    // Prefixes inside of a run path that stays are part of what is reported already.
    return [...blocked, ...strings.filter((string) => !blocked.some((whole) => isInside(string, whole)))];
  },
  "mach-o": ({ file }, map) => relocateCStrings(file, map),
};

/**
 * Relocates a file that was classified or listed as a binary. One of no known format has its strings relocated.
 *
 * @param format if it is known; told by the first bytes of the file otherwise
 * @returns the strings that have no room; the caller must then drop the file
 */
export async function relocateBinary(
  opened: OpenedFile,
  map: PrefixMap,
  format?: BinaryFormat,
): Promise<readonly BlockedString[]> {
  const known = format ?? (await formatOf(opened.file));
  return known === undefined ? relocateCStrings(opened.file, map) : RELOCATORS[known](opened, map);
}

async function formatOf(file: OpenFile): Promise<BinaryFormat | undefined> {
  const magic = Buffer.alloc(MAGIC_LENGTH);
  const { bytesRead } = await file.read(magic, { position: 0 });
  return binaryFormatOf(magic.subarray(0, bytesRead));
}

function isInside(part: BlockedString, whole: BlockedString): boolean {
  return part.position >= whole.position && part.position < whole.position + whole.found.length;
}
