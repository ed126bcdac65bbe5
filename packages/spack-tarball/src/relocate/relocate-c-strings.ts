// Overwrites prefixes in a binary's strings, in place and in constant memory.

import type { OpenFile } from "@spack-oci/files";
import { readChunks } from "../files/read-chunks.js";
import { writeFully } from "../files/write-fully.js";
import { type BlockedString, CStringPatches } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

/**
 * @param end where the search ends: what is behind it stays as it is
 * @returns the strings that have no room; the caller must then drop the file
 */
export async function relocateCStrings(
  file: OpenFile,
  map: PrefixMap,
  end = Number.POSITIVE_INFINITY,
): Promise<readonly BlockedString[]> {
  const search = new CStringPatches(map);
  const size = Math.min(end, (await file.stat()).size);
  let left = end;
  for await (const chunk of readChunks(file, size)) {
    const searched = chunk.subarray(0, left);
    left -= searched.length;
    for (const patch of search.push(searched)) await writeFully(file, patch.bytes, patch.position);
    if (left === 0) break;
  }
  for (const patch of search.end()) await writeFully(file, patch.bytes, patch.position);
  return search.blocked;
}
