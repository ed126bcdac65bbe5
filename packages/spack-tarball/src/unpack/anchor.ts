// Finds a layer's prefix while its members pass: which directory it is stands in the last member only.

import { SpackOciError } from "@spack-oci/errors";
import { prefixOfBuildInfo } from "../build-info/build-info.js";
import { escapes, isWithin, parentOf } from "../tar/member-name.js";

/**
 * The deepest directory that can be the prefix of every member so far, but for the bare parent directories. It begins as the
 * first file's directory, and moves up when a member lies outside: it can never move down, so no name makes it begin higher.
 */
export class Anchor {
  #directory: string | undefined;
  readonly #directoriesSeen: string[] = [];

  /** Undefined until the first member that is no directory. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /** Directories that were listed, in order. */
  get directoriesSeen(): readonly string[] {
    return this.#directoriesSeen;
  }

  /** @returns the directory that a member's directory makes the anchor, where that is another one than before */
  seeDirectory(name: string): string | undefined {
    this.#directoriesSeen.push(name);
    if (this.#directory === undefined || isWithin(this.#directory, name)) return undefined;
    return this.#include(name);
  }

  /** @returns the new anchor, where the member makes it another one than before */
  seeFile(name: string): string | undefined {
    // A build info is not right in its prefix.
    const directory = prefixOfBuildInfo(name) ?? parentOf(name);
    if (directory === "") throw escapes(name);
    return this.#include(directory);
  }

  /**
   * Checks what the whole layer must fulfil (Spack: binary_distribution.py, `_ensure_common_prefix`).
   *
   * @param prefix directory of the `.spack` that holds `binary_distribution`
   * @throws SpackOciError `ERR_NO_COMMON_PREFIX`
   */
  confirm(prefix: string): void {
    const stray = this.#directoriesSeen.find((name) => !isWithin(name, prefix) && !isWithin(prefix, name));
    if (this.#directory !== prefix || stray !== undefined) {
      throw noCommonPrefix(`it has members outside of ${prefix}`, stray ?? this.#directory ?? "");
    }
    if (!this.#directoriesSeen.includes(prefix))
      throw noCommonPrefix(`it does not list ${prefix} itself`, prefix);
  }

  #include(directory: string): string | undefined {
    let common = this.#directory ?? directory;
    while (common !== "" && !isWithin(directory, common)) common = parentOf(common);
    if (common === "") throw escapes(directory);
    if (common === this.#directory) return undefined;
    this.#directory = common;
    return common;
  }
}

/** The error for a layer whose members are not the parts of one prefix. */
export function noCommonPrefix(reason: string, place: string): SpackOciError {
  return new SpackOciError("ERR_NO_COMMON_PREFIX", `The layer is no Spack package: ${reason}.`, {
    kind: "corrupt",
    place,
  });
}
