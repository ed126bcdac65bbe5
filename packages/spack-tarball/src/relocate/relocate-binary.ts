// Relocates a file with an ELF or Mach-O magic: its run path and interpreter, then every C string.

import type { OpenFile } from "@spack-oci/files";
import type { BlockedString } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { relocateCStrings } from "./relocate-c-strings.js";
import { relocateElf } from "./relocate-elf.js";

/** @returns the strings that have no room; the caller must then drop the file */
export async function relocateBinary(file: OpenFile, map: PrefixMap): Promise<BlockedString[]> {
  const elf = await relocateElf(file, map);
  const strings = await relocateCStrings(file, map, elf.grownStrings);
  // The prefixes inside of a run path that stayed as it was are told already.
  const untold = strings.filter((blocked) => !elf.blocked.some((whole) => isInside(blocked, whole)));
  return [...elf.blocked, ...untold];
}

function isInside(part: BlockedString, whole: BlockedString): boolean {
  return part.position >= whole.position && part.position < whole.position + whole.found.length;
}
