// Overwrites prefixes in the strings of a binary, in place and in constant memory.

import { type OpenFile, readThrough } from "@spack-oci/files";
import type { FileRange } from "../binary-io/file-range.js";
import { writeFully } from "../binary-io/write-fully.js";
import { type BlockedString, CStringPatches, type Patch } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

/**
 * @param relocated parts of the file whose strings are final
 * @returns the strings that do not fit; if there are any, the caller must drop the file
 */
export async function relocateCStrings(
  file: OpenFile,
  map: PrefixMap,
  relocated: readonly FileRange[] = [],
): Promise<readonly BlockedString[]> {
  const search = new CStringPatches(map, relocated);
  const write = async (patches: readonly Patch[]) => {
    for (const { bytes, position } of patches) await writeFully(file, bytes, position);
  };
  const { size } = await file.stat();
  await readThrough(file, { size }, (chunk) => write(search.push(chunk)));
  await write(search.end());
  return search.blocked;
}
