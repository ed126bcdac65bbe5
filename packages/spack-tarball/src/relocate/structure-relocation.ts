// What relocating the structure of a binary leaves to the search for C strings.

import type { FileRange } from "../binary-io/file-range.js";
import type { BlockedString } from "../prefixes/c-string-patches.js";

/** What became of the strings that the structure of a file refers to. */
export interface StructureRelocation {
  /** Strings that are too long for a file that cannot grow; empty if everything was relocated. */
  readonly blocked: readonly BlockedString[];
  /** Parts of the file whose strings are final, although they may contain an old prefix. */
  readonly relocated: readonly FileRange[];
}

/** For a file whose structure says nothing about paths. */
export const UNCHANGED: StructureRelocation = { blocked: [], relocated: [] };
