// Overwrites prefixes in the strings of a binary, in place and in constant memory.

import { type OpenFile, readThrough } from "@spack-oci/files";
import { writeFully } from "../binary-io/write-fully.js";
import { type BlockedString, CStringPatches, type Patch } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

/**
 * @param end file offset at which the search ends
 * @returns the strings that do not fit; if there are any, the caller must drop the file
 */
export async function relocateCStrings(
  file: OpenFile,
  map: PrefixMap,
  end?: number,
): Promise<readonly BlockedString[]> {
  const search = new CStringPatches(map);
  const write = async (patches: readonly Patch[]) => {
    for (const { bytes, position } of patches) await writeFully(file, bytes, position);
  };
  const { size } = await file.stat();
  await readThrough(file, { size, end }, (chunk) => write(search.push(chunk)));
  await write(search.end());
  return search.blocked;
}
