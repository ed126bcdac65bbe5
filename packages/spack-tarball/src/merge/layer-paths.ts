// Which paths layers list and remove, and what of the layers below them is hidden by that.

import { parentOf } from "../tar/member-name.js";
import type { Whiteout } from "./whiteouts.js";

/** The paths of one layer, or of several that lie on one another. */
export class LayerPaths {
  readonly #files = new Set<string>();
  readonly #directories = new Set<string>();
  /** Directories that have something in them, whether they are listed or not. */
  readonly #parents = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #opaque = new Set<string>();

  addDirectory(name: string): void {
    this.#directories.add(name);
    this.#addParents(name);
  }

  /** Adds something that is no directory. */
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

  /** Whether a directory is listed under the name. */
  hasDirectory(name: string): boolean {
    return this.#directories.has(name);
  }

  /** Whether something lies under the name. */
  hasChildren(name: string): boolean {
    return this.#parents.has(name);
  }

  /** Whether what layers below have at a path is removed, or lies under what is removed or no directory any more. */
  removes(name: string): boolean {
    if (this.#removed.has(name)) return true;
    for (let above = parentOf(name); above !== ""; above = parentOf(above)) {
      if (this.#files.has(above) || this.#removed.has(above) || this.#opaque.has(above)) return true;
    }
    return false;
  }

  /** Whether nothing that layers below have under a directory is seen. */
  isOpaque(directory: string): boolean {
    return this.#opaque.has(directory);
  }

  #addParents(name: string): void {
    for (let above = parentOf(name); above !== "" && !this.#parents.has(above); above = parentOf(above)) {
      this.#parents.add(above);
    }
  }
}
