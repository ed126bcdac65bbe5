// A directory tree that is only in memory: everything about it is known before the first entry is written.

import type { MemoryFile } from "./memory-file.js";

/** A file; several paths may have the same one. */
export interface MemoryTreeFile {
  readonly content: MemoryFile;
  /** Permission bits, 0..0o7777. */
  readonly mode: number;
  /** Modification time in seconds since 1970, unless the content is changed. */
  readonly mtime: number;
}

export type MemoryTreeEntry =
  | { readonly type: "directory" }
  | { readonly type: "symlink"; readonly target: string }
  | { readonly type: "file"; readonly file: MemoryTreeFile };

/** Entries by path; `""` is the directory itself. Every parent of an entry is a directory in it. */
export type MemoryTree = ReadonlyMap<string, MemoryTreeEntry>;
