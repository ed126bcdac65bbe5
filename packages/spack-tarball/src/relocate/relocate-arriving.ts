// Relocates the files that a build info lists while they arrive, each before or as soon as it is written. Its results
// are those of relocatePrefix, which gets what could not be relocated on the way.

import { realpathSync } from "node:fs";
import {
  decodeFileName,
  encodeFileName,
  fileSystemPath,
  type MemoryFile,
  type OpenFile,
} from "@spack-oci/files";
import type { BuildInfo } from "../build-info/build-info.js";
import { parentOf } from "../tar/member-name.js";
import { type BinaryRelocation, relocateBinary, relocateBinaryInMemory } from "./relocate-binary.js";
import { relocatedTarget } from "./relocate-link.js";
import { relocatePrefix } from "./relocate-prefix.js";
import { relocateText, relocateTextInMemory } from "./relocate-text.js";
import type { Relocation } from "./relocation.js";
import { problemOf, RelocationError, type RelocationProblem } from "./relocation-error.js";
import { WatchedFile } from "./watched-file.js";

/** One package. Paths are below its prefix. */
export class ArrivingRelocation {
  readonly #info: BuildInfo;
  readonly #relocation: Relocation;
  readonly #map: Relocation["map"];
  readonly #binaries: ReadonlySet<string>;
  readonly #texts: ReadonlySet<string>;
  readonly #links: ReadonlySet<string>;
  /** What was relocated on the way. */
  readonly #done = new Set<string>();
  readonly #problems: RelocationProblem[] = [];

  constructor(info: BuildInfo, relocation: Relocation) {
    this.#info = info;
    this.#relocation = relocation;
    this.#map = relocation.map;
    const listed = (paths: readonly string[]) => new Set(this.#map.size === 0 ? [] : paths);
    this.#binaries = listed(info.relocateBinaries);
    this.#texts = listed(info.relocateTextFiles);
    this.#links = listed(info.relocateLinks);
  }

  /** Whether a file is relocated on the way if it can be, at the end, or not at all. */
  turnOf(path: string): "now" | "later" | "never" {
    const [isBinary, isText] = [this.#binaries.has(path), this.#texts.has(path)];
    if (!isBinary && !isText) return "never";
    // If it has other names, one of the lists may not count.
    return isBinary && isText ? "later" : "now";
  }

  /** Relocates a file whose turn is now. */
  inMemory(path: string, content: MemoryFile): void {
    this.#done.add(path);
    if (this.#binaries.has(path)) {
      for (const blocked of relocateBinaryInMemory(content, this.#binary(path)))
        this.#problems.push(problemOf(path, blocked));
    } else relocateTextInMemory(content, this.#map);
  }

  /**
   * The same for a file that is on disk.
   *
   * @param place where it is
   * @returns whether it was changed
   */
  async onDisk(path: string, file: OpenFile, place: string | Buffer): Promise<boolean> {
    this.#done.add(path);
    const watched = new WatchedFile(file);
    const opened = {
      file: watched,
      path: typeof place === "string" ? place : decodeFileName(place),
    };
    if (this.#binaries.has(path)) {
      for (const blocked of await relocateBinary(opened, this.#binary(path)))
        this.#problems.push(problemOf(path, blocked));
    } else await relocateText(opened, this.#map);
    return watched.isChanged;
  }

  /** The target that a symbolic link gets. */
  target(path: string, target: string): string {
    this.#done.delete(path);
    if (!this.#links.has(path)) return target;
    this.#done.add(path);
    const relocated = relocatedTarget(encodeFileName(target), this.#map);
    return relocated === undefined ? target : decodeFileName(relocated);
  }

  /** Sees another name for a file. An old layer may list several (Spack: `dedupe_hardlinks_if_necessary`). */
  seeName(path: string, target: string): void {
    if (!this.#info.hardlinksDeduped && this.#done.has(target)) this.#done.add(path);
    else this.#done.delete(path);
  }

  /**
   * Relocates the rest.
   *
   * @param directory where the package is
   * @returns the files that may have changed
   * @throws as `relocatePrefix`
   */
  async finish(directory: string): Promise<string[]> {
    const isLeft = (path: string) => !this.#done.has(path);
    const left = {
      ...this.#info,
      relocateBinaries: this.#info.relocateBinaries.filter(isLeft),
      relocateLinks: this.#info.relocateLinks.filter(isLeft),
      relocateTextFiles: this.#info.relocateTextFiles.filter(isLeft),
    };
    try {
      await relocatePrefix(directory, left, this.#relocation);
    } catch (error) {
      if (!(error instanceof RelocationError)) throw error;
      this.#problems.push(...error.problems);
    }
    if (this.#problems.length > 0) throw new RelocationError(this.#inOrder(this.#problems));
    return this.#map.size === 0
      ? []
      : withoutLinks(directory, [...left.relocateBinaries, ...left.relocateTextFiles]);
  }

  #binary(name: string): BinaryRelocation {
    return { ...this.#relocation, name };
  }

  #inOrder(problems: readonly RelocationProblem[]): RelocationProblem[] {
    const order = new Map(this.#info.relocateBinaries.map((path, index) => [path, index]));
    const place = ({ file }: RelocationProblem) => order.get(file) ?? 0;
    return [...problems].sort((left, right) => place(left) - place(right));
  }
}

/** Paths whose directories are not reached through links. */
function withoutLinks(directory: string, paths: readonly string[]): string[] {
  const real = (path: string) => decodeFileName(realpathSync.native(fileSystemPath(path), "buffer"));
  const root = paths.length === 0 ? "" : real(directory);
  const parents = new Map<string, string>();
  return paths.map((path) => {
    const parent = parentOf(path);
    let found = parents.get(parent);
    if (found === undefined) {
      found = real(`${directory}/${parent}`).slice(root.length);
      parents.set(parent, found);
    }
    return `${found}/${path.slice(path.lastIndexOf("/") + 1)}`.slice(1);
  });
}
