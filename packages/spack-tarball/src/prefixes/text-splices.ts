// Finds what changes in a text that is in memory.

import type { Splice } from "../binary-io/splice-bytes.js";
import type { PrefixMap } from "./prefix-map.js";
import { TextMatches } from "./text-matches.js";

/** The replacements of all prefixes, in order. */
export function findSplices(text: Buffer, map: PrefixMap): Splice[] {
  const search = new TextMatches(map.old);
  return [...search.push(text), ...search.end()].map(({ position, prefix }) => ({
    position,
    length: prefix.length,
    bytes: map.replacement(prefix),
  }));
}
