// Collects the members of a layer in memory, by the rules of StagingTree: nothing may have a path that passes through
// anything but a directory, or one that no file system accepts.

import { MemoryFile, type MemoryTree, type MemoryTreeEntry } from "@spack-oci/files";
import {
  MAX_COMPONENT_LENGTH,
  MAX_INNER_PATH_LENGTH,
  MAX_PATH_LENGTH,
  MAX_RENAME_GROWTH,
} from "../tar/limits.js";
import { escapes, isWithin, parentOf } from "../tar/member-name.js";
import type { TarHeader } from "../tar/tar-entry.js";
import { malformed, tooLong } from "./staging-errors.js";

export class TreeBuilder {
  /** By member name; directories are only those that something is in. */
  readonly #entries = new Map<string, MemoryTreeEntry>();

  /** Adds something other than a directory. A later member replaces an earlier one. */
  file(name: string, { mode, mtime }: TarHeader, content: Buffer): void {
    this.#set(name, { type: "file", file: { content: new MemoryFile(content), mode, mtime } });
  }

  symlink(name: string, target: string): void {
    if (target === "" || target.includes("\0"))
      throw malformed(name, `has a link ${name} with an invalid target`);
    this.#set(name, { type: "symlink", target });
  }

  /** @param target name of a file that is already in the tree */
  hardlink(name: string, target: string): void {
    const found = this.#entries.get(target);
    if (found === undefined && !this.#entries.has(parentOf(target))) throw escapes(target);
    if (found === undefined || target === name)
      throw malformed(name, `links ${name} to ${target}, which does not come before it`);
    if (found.type !== "file") throw escapes(target);
    this.#set(name, found);
  }

  directory(name: string): void {
    for (let each = name; each !== ""; each = parentOf(each)) {
      const found = this.#entries.get(each);
      if (found?.type === "directory") return;
      if (found !== undefined) throw escapes(each);
      this.#entries.set(each, DIRECTORY);
    }
  }

  /**
   * The tree below `prefix`.
   *
   * @param root path of the directory that it will be written to
   */
  finish(prefix: string, root: string): MemoryTree {
    this.directory(prefix);
    const available = MAX_PATH_LENGTH - MAX_RENAME_GROWTH - Buffer.byteLength(root);
    const tree = new Map<string, MemoryTreeEntry>();
    for (const [name, entry] of this.#entries) {
      // The others are the parents of the prefix.
      if (!isWithin(name, prefix)) continue;
      requireShort(name, prefix, available);
      tree.set(name.slice(prefix.length + 1), entry);
    }
    return tree;
  }

  #set(name: string, entry: MemoryTreeEntry): void {
    this.directory(parentOf(name));
    if (this.#entries.get(name)?.type === "directory") throw escapes(name);
    this.#entries.set(name, entry);
  }
}

const DIRECTORY: MemoryTreeEntry = { type: "directory" };

/** @param available bytes */
function requireShort(name: string, prefix: string, available: number): void {
  // A character has at most four bytes, and most names are far from the limits.
  if (name.length * 4 < MAX_COMPONENT_LENGTH && name.length * 4 < available) return;
  const length = Buffer.byteLength(name) - Buffer.byteLength(prefix);
  if (length > MAX_INNER_PATH_LENGTH)
    throw malformed(prefix, `has a path of more than ${MAX_INNER_PATH_LENGTH} bytes`);
  const isLong = (component: string) => Buffer.byteLength(component) > MAX_COMPONENT_LENGTH;
  if (length > available || name.slice(prefix.length).split("/").some(isLong)) throw tooLong(name);
}
