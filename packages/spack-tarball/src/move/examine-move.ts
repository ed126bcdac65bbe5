// Examines a package before it is packed for another store: which files change, and which strings do not fit.

import { createHash } from "node:crypto";
import { decodeFileName, encodeFileName, fileSystemPath, openFile, readThrough } from "@spack-oci/files";
import { BUILD_INFO_PATH } from "../build-info/build-info.js";
import { ContentClassifier } from "../classify/content-classifier.js";
import { isRelocated, knownPrefixes } from "../pack/known-prefixes.js";
import type { PrefixEntry } from "../pack/prefix-entry.js";
import { walkPrefix } from "../pack/walk-prefix.js";
import type { PrefixList } from "../prefixes/prefix-list.js";
import type { PrefixMap } from "../prefixes/prefix-map.js";
import { relocatedTarget } from "../relocate/relocate-link.js";
import type { Relocation } from "../relocate/relocation.js";
import type { RelocationProblem } from "../relocate/relocation-error.js";
import { copyIn, type FileMove, type FileMover, type FinishFile, moveFile } from "./moved-file.js";
import { directoryOf, mapOf, type PrefixMove } from "./prefix-move.js";

/** An entry of a package as it will be in the archive. */
export type MovedEntry =
  | Exclude<PrefixEntry, { type: "file" | "hardlink" }>
  | {
      readonly type: "file";
      readonly path: string;
      readonly size: number;
      readonly executable: boolean;
      readonly sha1: Buffer;
    };

export interface MoveFindings {
  /** Files whose content changes, by path. */
  readonly changed: ReadonlyMap<string, FileMove>;
  /** Files among them whose other names become separate files. */
  readonly split: ReadonlySet<string>;
  /** Strings that do not fit. With any of these the package must not be packed. */
  readonly problems: readonly RelocationProblem[];
}

export interface ExamineOptions extends Pick<Relocation, "onIdentityLost"> {
  /** A directory for the copy of one file at a time; nothing else may use it. */
  readonly scratch: string;
  readonly finish: FinishFile;
  /** Called with the entries of the archive in order. Every name of a file is a file here. */
  readonly onEntry?: ((entry: MovedEntry) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Reads every file once, and writes only to the scratch directory. */
export async function examineMove(move: PrefixMove, options: ExamineOptions): Promise<MoveFindings> {
  const examination = new Examination(move, options);
  for await (const entry of walkPrefix(directoryOf(move), BUILD_INFO_PATH)) {
    options.signal?.throwIfAborted();
    const moved = await examination.add(entry);
    if (moved !== undefined) await options.onEntry?.(moved);
  }
  return examination;
}

/** Bytes; a message does not need more of a string. */
const MAX_SHOWN_LENGTH = 1024;

type FileEntry = Extract<MovedEntry, { type: "file" }>;

class Examination implements MoveFindings {
  readonly changed = new Map<string, FileMove>();
  readonly split = new Set<string>();
  readonly problems: RelocationProblem[] = [];
  readonly #mover: FileMover;
  readonly #prefixes: PrefixList;
  /** Files that may have other names. */
  readonly #shared = new Map<string, FileEntry>();

  constructor(move: PrefixMove, options: ExamineOptions) {
    const { scratch, finish } = options;
    const { platform } = move;
    const relocation = { map: mapOf(move), platform, onIdentityLost: options.onIdentityLost };
    this.#mover = { directory: directoryOf(move), copy: copyIn(scratch), relocation, finish };
    this.#prefixes = knownPrefixes(move.from);
  }

  async add(entry: PrefixEntry): Promise<MovedEntry | undefined> {
    switch (entry.type) {
      case "directory":
        return entry;
      case "symlink":
        return { ...entry, target: movedTarget(entry.target, this.#mover.relocation.map) };
      case "hardlink": {
        const first = this.#shared.get(entry.target);
        return first && { ...first, path: entry.path };
      }
      case "file": {
        const file = await this.#examine(entry);
        if (entry.isShared) this.#shared.set(entry.path, file);
        return file;
      }
    }
  }

  async #examine(entry: Extract<PrefixEntry, { type: "file" }>): Promise<FileEntry> {
    const { path, executable } = entry;
    const classifier = isRelocated(path) ? new ContentClassifier(this.#prefixes) : undefined;
    const found = await hashFile(`${this.#mover.directory}/${path}`, entry.size, classifier);
    const file = { type: "file" as const, path, executable, ...found };
    const contentClass = classifier?.end() ?? "none";
    if (contentClass === "none" || this.#mover.relocation.map.size === 0) return file;

    const how = { path, executable, contentClass };
    const outcome = await moveFile(this.#mover, how);
    for (const problem of outcome.problems) this.problems.push(await this.#withWholeString(problem));
    const moved = { ...file, ...(await hashFile(this.#mover.copy, entry.size)) };
    if (!moved.sha1.equals(file.sha1)) this.changed.set(path, how);
    if (outcome.isSplit) this.split.add(path);
    return moved;
  }

  /** Adds the whole string, which is what a user will look for. */
  async #withWholeString(problem: RelocationProblem): Promise<RelocationProblem> {
    const found = await cStringAt(`${this.#mover.directory}/${problem.file}`, problem.offset);
    return { ...problem, found };
  }
}

/** Target of a link in the archive. */
export function movedTarget(target: string, map: PrefixMap): string {
  const relocated = relocatedTarget(encodeFileName(target), map);
  return relocated === undefined ? target : decodeFileName(relocated);
}

/** Install manifests contain SHA-1 digests (Spack: verify.py, `compute_hash`). */
async function hashFile(path: string, expectedSize: number, classifier?: ContentClassifier) {
  const hash = createHash("sha1");
  let size = 0;
  const file = await openFile(fileSystemPath(path), "r");
  try {
    await readThrough(file, { size: expectedSize }, (chunk) => {
      hash.update(chunk);
      classifier?.push(chunk);
      size += chunk.length;
    });
  } finally {
    await file.close();
  }
  return { sha1: hash.digest(), size };
}

/** The C string at an offset of a file, for messages. */
async function cStringAt(path: string, offset: number): Promise<string> {
  const file = await openFile(fileSystemPath(path), "r");
  try {
    const buffer = Buffer.alloc(MAX_SHOWN_LENGTH);
    const { bytesRead } = await file.read(buffer, { position: offset });
    const end = buffer.subarray(0, bytesRead).indexOf(0);
    return decodeFileName(buffer.subarray(0, end < 0 ? bytesRead : end));
  } finally {
    await file.close();
  }
}
