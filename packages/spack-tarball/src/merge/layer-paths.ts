// The paths that layers list and remove, and what they hide of the layers below.

import { parentOf } from "../tar/member-name.js";
import type { Whiteout } from "./whiteouts.js";

/** The paths of one layer, or of several on top of each other. */
export class LayerPaths {
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>();
  /** Directories that are not empty, listed or not. */
  readonly #parents = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #opaque = new Set<string>();

  addDirectory(name: string): void {
    this.#directories.add(name);
    this.#addParents(name);
  }

  /** Adds something that is not a directory. */
  addFile(name: string): void {
    this.#files.add(name);
    this.#addParents(name);
  }

  addWhiteout({ kind, of }: Whiteout): void {
    if (kind === "path") this.#removed.add(of);
    else {
      this.#opaque.add(of);
      this.#parents.add(of);
    }
    this.#addParents(of);
  }

  addAll(others: LayerPaths): void {
    for (const name of others.#files) this.#files.add(name);
    for (const name of others.#directories) this.#directories.add(name);
    for (const name of others.#parents) this.#parents.add(name);
    for (const name of others.#removed) this.#removed.add(name);
    for (const name of others.#opaque) this.#opaque.add(name);
  }

  hasFile(name: string): boolean {
    return this.#files.has(name);
  }

  /** Whether the name is listed as a directory. */
  hasDirectory(name: string): boolean {
    return this.#directories.has(name);
  }

  /** Whether something is below the name. */
  hasChildren(name: string): boolean {
    return this.#parents.has(name);
  }

  /** Whether a path of the layers below is removed, or is below one that is removed or not a directory any more. */
  removes(name: string): boolean {
    if (this.#removed.has(name)) return true;
    for (let above = parentOf(name); above !== ""; above = parentOf(above)) {
      if (this.#files.has(above) || this.#removed.has(above) || this.#opaque.has(above)) return true;
    }
    return false;
  }

  /** Whether everything that the layers below have in a directory is hidden. */
  isOpaque(directory: string): boolean {
    return this.#opaque.has(directory);
  }

  #addParents(name: string): void {
    for (let above = parentOf(name); above !== "" && !this.#parents.has(above); above = parentOf(above)) {
      this.#parents.add(above);
    }
  }
}
