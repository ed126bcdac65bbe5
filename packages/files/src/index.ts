// What the package offers.

export { compareFileNames, decodeFileName, encodeFileName, fileSystemPath } from "./file-name.js";
export { freeMemory } from "./free-memory.js";
export { type DirectoryEntry, listDirectory } from "./list-directory.js";
export { makeDirectories } from "./make-directories.js";
export { MemoryFile } from "./memory-file.js";
export type { MemoryTree, MemoryTreeEntry, MemoryTreeFile } from "./memory-tree.js";
export { type OpenFile, openFile, PacedFile } from "./open-file.js";
export {
  chmod,
  copyFile,
  lchown,
  link,
  lstat,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  stat,
  symlink,
  unlink,
  utimes,
} from "./operations.js";
export { inOneGo, isFileSystemSlow, noteOperations, type Operate } from "./pace.js";
export type { RandomAccess } from "./random-access.js";
export { readChunks, readThrough } from "./read-through.js";
export { type OnRefusal, type Refusal, tolerating } from "./refusals.js";
export { sideBySide } from "./side-by-side.js";
export { Turns } from "./turns.js";
