// Replaces a file of a package in memory.

import { MemoryFile, type MemoryTree } from "@spack-oci/files";

/** The mode of a file that the package does not have. */
const NEW_MODE = 0o644;

/** A tree with a text at `path`, whose directory exists. The mode is kept. */
export function withText(tree: MemoryTree, path: string, text: string): MemoryTree {
  const found = tree.get(path);
  const content = new MemoryFile(Buffer.alloc(0));
  content.replace(Buffer.from(text));
  const mode = found?.type === "file" ? found.file.mode : NEW_MODE;
  return new Map([...tree, [path, { type: "file", file: { content, mode, mtime: 0 } }]]);
}
