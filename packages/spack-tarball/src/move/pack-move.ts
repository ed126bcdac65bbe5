// Packs a package as it would be in another store. Files that differ are copied and relocated first, one at a time.

import { openFile, readChunks, stat, unlink } from "@spack-oci/files";
import { type PackedEntry, packPrefix } from "../pack/pack-prefix.js";
import type { PrefixEntry } from "../pack/prefix-entry.js";
import { RelocationError } from "../relocate/relocation-error.js";
import { type ExamineOptions, type MoveFindings, movedTarget } from "./examine-move.js";
import { copyIn, moveFile } from "./moved-file.js";
import { directoryOf, mapOf, type PrefixMove } from "./prefix-move.js";

export interface PackMoveOptions extends Pick<ExamineOptions, "scratch" | "finish"> {
  /** Path of a file whose content replaces that of a file in the package; undefined to keep it. */
  readonly generated: (path: string) => string | undefined;
}

/**
 * The archive in chunks, as `packPrefix` would make it from the package in the other store.
 *
 * @param findings of `examineMove` for the unchanged package
 * @throws RelocationError if a string does not fit, SpackOciError `ERR_FILE_CHANGED` if a file changes meanwhile
 */
export function packMove(
  move: PrefixMove,
  findings: MoveFindings,
  options: PackMoveOptions,
): AsyncGenerator<Buffer, void, undefined> {
  if (findings.problems.length > 0) throw new RelocationError(findings.problems);
  const map = mapOf(move);
  const directory = directoryOf(move);
  const copy = copyIn(options.scratch);
  const relocation = { map, platform: move.platform };
  const mover = { directory, copy, relocation, finish: options.finish };

  const contentOf = async (path: string): Promise<Content | undefined> => {
    const generated = options.generated(path);
    if (generated !== undefined) return removedAfterwards(generated);
    const how = findings.changed.get(path);
    if (how === undefined) return undefined;
    // None, unless the file has changed since it was examined.
    const { problems } = await moveFile(mover, how);
    if (problems.length > 0) throw new RelocationError(problems);
    return removedAfterwards(copy);
  };
  const change = async (entry: PrefixEntry): Promise<PackedEntry> => {
    if (entry.type === "symlink") return { ...entry, target: movedTarget(entry.target, map) };
    if (entry.type === "hardlink" && findings.split.has(entry.target)) {
      const { path, executable } = entry;
      const content = await contentOf(entry.target);
      return content === undefined ? entry : { type: "file", path, executable, isShared: false, ...content };
    }
    return entry.type === "file" ? { ...entry, ...(await contentOf(entry.path)) } : entry;
  };
  return packPrefix({ ...move.to, directory, change });
}

interface Content {
  readonly size: number;
  readonly content: AsyncIterable<Buffer>;
}

async function removedAfterwards(path: string): Promise<Content> {
  const { size } = await stat(path);
  return { size, content: chunksThenRemoved(path, size) };
}

async function* chunksThenRemoved(path: string, size: number): AsyncGenerator<Buffer, void, undefined> {
  const file = await openFile(path, "r");
  try {
    yield* readChunks(file, { size });
  } finally {
    await file.close();
    await unlink(path);
  }
}
