// Overwrites prefixes in a binary's strings, in place and in constant memory.

import type { FileHandle } from "node:fs/promises";
import { readChunks } from "../files/read-chunks.js";
import { writeFully } from "../files/write-fully.js";
import { type BlockedString, CStringPatches } from "../prefixes/c-string-patches.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";

/** @returns the strings that have no room; the caller must then drop the file */
export async function relocateCStrings(file: FileHandle, map: PrefixMap): Promise<readonly BlockedString[]> {
  const search = new CStringPatches(map);
  const { size } = await file.stat();
  for await (const chunk of readChunks(file, size)) {
    for (const patch of search.push(chunk)) await writeFully(file, patch.bytes, patch.position);
  }
  for (const patch of search.end()) await writeFully(file, patch.bytes, patch.position);
  return search.blocked;
}
