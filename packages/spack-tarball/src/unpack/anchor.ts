// Finds the prefix of a layer while its members pass: only the last one says which directory it is.

import { SpackOciError } from "@spack-oci/errors";
import { prefixOfBuildInfo } from "../build-info/build-info.js";
import { escapes, isWithin, parentOf } from "../tar/member-name.js";
import type { KeptNames } from "./kept-names.js";

/**
 * The deepest directory that can be the prefix of every member so far, apart from its bare parent directories. It
 * begins as the directory of the first file and moves up when a member is outside of it. It never moves down.
 */
export class Anchor {
  readonly #names: KeptNames;
  /** The first anchor: every later one is above it. */
  #first: string | undefined;
  #directory: string | undefined;
  /** The member that moved the anchor last. */
  #movedBy = "";
  /** Directories before the first file. */
  #early: string[] = [];
  /**
   * Directories outside of the anchor, by the number of components that they share with the first one: as soon as the
   * anchor has no more components than that, they are within it.
   */
  readonly #outside = new Map<number, string[]>();
  /** The directories of the archive that the first anchor is within. */
  readonly #above = new Set<string>();

  constructor(names: KeptNames) {
    this.#names = names;
  }

  /** Undefined until the first member that is not a directory. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /** @returns the new anchor if a directory of the archive changes it */
  seeDirectory(name: string): string | undefined {
    if (this.#first === undefined || this.#directory === undefined) {
      this.#names.add(name);
      this.#early.push(name);
      return undefined;
    }
    const moved = isWithin(this.#directory, name) ? undefined : this.#include(name, name);
    this.#place(name, this.#first);
    return moved;
  }

  /** @returns the new anchor if a member that is not a directory changes it */
  seeFile(name: string): string | undefined {
    // A build info is two levels below its prefix.
    const directory = prefixOfBuildInfo(name) ?? parentOf(name);
    if (directory === "") throw escapes(name);
    const moved = this.#include(directory, name);
    if (this.#first === undefined) {
      this.#first = directory;
      for (const early of this.#early.splice(0)) this.#place(early, directory);
    }
    return moved;
  }

  /** The directories of the archive that have come to be within the anchor since the last call. */
  takeDirectories(): string[] {
    const depth = depthOf(this.#directory ?? "");
    const taken: string[] = [];
    for (const [shared, names] of this.#outside) {
      if (shared < depth) continue;
      for (const name of names) taken.push(name);
      this.#outside.delete(shared);
    }
    return taken;
  }

  /**
   * Checks that the whole layer is one prefix (Spack: binary_distribution.py, `_ensure_common_prefix`).
   *
   * @param prefix directory of the `.spack` that holds `binary_distribution`
   * @throws SpackOciError `ERR_NO_COMMON_PREFIX`
   */
  confirm(prefix: string): void {
    if (this.#directory !== prefix)
      throw noCommonPrefix(`it has members outside of ${prefix}`, this.#movedBy);
    for (const [shared, names] of this.#outside) {
      // The others are above the prefix.
      const stray = names.find((name) => depthOf(name) > shared);
      if (stray !== undefined) throw noCommonPrefix(`it has members outside of ${prefix}`, stray);
    }
    if (!this.#above.has(prefix)) throw noCommonPrefix(`it does not list ${prefix} itself`, prefix);
  }

  /** Keeps a directory for as long as it is outside of the anchor. */
  #place(name: string, first: string): void {
    if (isWithin(first, name)) {
      if (this.#above.has(name)) return;
      this.#above.add(name);
    }
    const shared = sharedDepth(name, first);
    const names = this.#outside.get(shared);
    if (names === undefined) this.#outside.set(shared, [name]);
    else names.push(name);
  }

  #include(directory: string, member: string): string | undefined {
    let common = this.#directory ?? directory;
    while (common !== "" && !isWithin(directory, common)) common = parentOf(common);
    if (common === "") throw escapes(directory);
    if (common === this.#directory) return undefined;
    this.#directory = common;
    this.#movedBy = member;
    return common;
  }
}

/** The number of components of a name. */
function depthOf(name: string): number {
  return name.split("/").length;
}

/** The number of components that two names begin with alike. */
function sharedDepth(left: string, right: string): number {
  const [some, others] = [left.split("/"), right.split("/")];
  let depth = 0;
  while (depth < some.length && some[depth] === others[depth]) depth += 1;
  return depth;
}

/** The error for a layer whose members are not all in one prefix. */
export function noCommonPrefix(reason: string, place: string): SpackOciError {
  return new SpackOciError("ERR_NO_COMMON_PREFIX", `The layer is not a Spack package: ${reason}.`, {
    kind: "corrupt",
    place,
  });
}
