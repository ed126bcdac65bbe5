// Replaces prefixes in a text file, which may become longer or shorter.

import { type MemoryFile, readThrough } from "@spack-oci/files";
import { type Splice, spliced } from "../binary-io/splice-bytes.js";
import { spliceBytes, spliceFile } from "../binary-io/splice-file.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { type PrefixMatch, TextMatches } from "../prefixes/text-matches.js";
import { findSplices } from "../prefixes/text-splices.js";
import type { OpenedFile } from "./listed-file.js";

/** A large file is rewritten through a scratch file beside it. */
export async function relocateText({ file, path }: OpenedFile, map: PrefixMap): Promise<void> {
  const search = new TextMatches(map.old);
  const splices: Splice[] = [];
  const replace = (matches: readonly PrefixMatch[]) => {
    for (const { position, prefix } of matches) {
      splices.push({ position, length: prefix.length, bytes: map.replacement(prefix) });
    }
  };
  const { size } = await file.stat();
  let isDone = false;
  // Not beyond the original size: a spliced file may be longer by then.
  await readThrough(file, { size, end: size }, async (chunk) => {
    replace(search.push(chunk));
    if (chunk.length < size) return;
    replace(search.end());
    if (splices.length > 0) await spliceBytes(file, chunk, splices);
    isDone = true;
  });
  if (isDone) return;
  replace(search.end());
  if (splices.length > 0) await spliceFile(file, path, splices);
}

/** The same for a file in memory. */
export function relocateTextInMemory(file: MemoryFile, map: PrefixMap): void {
  const splices = findSplices(file.bytes, map);
  if (splices.length > 0) file.replace(spliced(file.bytes, splices));
}
