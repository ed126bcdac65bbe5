// Packs a view into an archive of directories and links.

import { archiveChunks } from "../tar/archive-chunks.js";
import { formatDirectoryHeader, formatTarHeader, parentNames } from "../tar/write-header.js";
import type { ViewTree } from "./view-tree.js";

/** @param directory absolute path of the view */
export function packView(directory: string, tree: ViewTree): AsyncGenerator<Buffer, void, undefined> {
  return archiveChunks(membersOf(directory.slice(1), tree));
}

function* membersOf(root: string, tree: ViewTree): Generator<Buffer, void, undefined> {
  for (const parent of parentNames(root)) yield formatDirectoryHeader(parent);
  yield formatDirectoryHeader(root);
  for (const { path, target } of tree.entries()) {
    const name = `${root}/${path}`;
    if (target === undefined) yield formatDirectoryHeader(name);
    else yield formatTarHeader({ name, type: "symlink", mode: 0o755, size: 0, linkName: target });
  }
}
