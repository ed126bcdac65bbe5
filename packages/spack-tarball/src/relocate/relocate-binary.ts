// Relocates binaries, with one entry for each format. A new format needs a folder beside elf/ that reads it, an entry in
// classify/binary-format.ts and one here. Work that must follow all writes, such as signing, belongs in its entry.

import type { OpenFile } from "@spack-oci/files";
import { type BinaryFormat, binaryFormatOf, MAGIC_LENGTH } from "../classify/binary-format.js";
import type { BlockedString } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import type { OpenedFile } from "./listed-file.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateElf } from "./relocate-elf.js";

/** Changes a binary in place. @returns the strings that do not fit */
type Relocator = (opened: OpenedFile, map: PrefixMap) => Promise<readonly BlockedString[]>;

const RELOCATORS: Readonly<Record<BinaryFormat, Relocator>> = {
  elf: async ({ file }, map) => {
    const { blocked, grownStrings } = await relocateElf(file, map);
    const strings = await relocateCStrings(file, map, grownStrings);
    // Prefixes inside a run path that did not fit are part of what is reported already.
    return [...blocked, ...strings.filter((string) => !blocked.some((whole) => isInside(string, whole)))];
  },
  "mach-o": ({ file }, map) => relocateCStrings(file, map),
};

/**
 * Relocates a file that was classified or listed as a binary. If its format is unknown, only C strings are relocated.
 *
 * @param format if the caller knows it; otherwise the first bytes of the file decide
 * @returns the strings that do not fit; if there are any, the caller must drop the file
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
