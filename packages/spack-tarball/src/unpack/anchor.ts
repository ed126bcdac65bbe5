// Finds a layer's prefix while its members pass: which directory it is stands in the last member only.

import { SpackOciError } from "@spack-oci/errors";
import { escapes, isWithin, parentOf } from "./member-name.js";

const METADATA_COMPONENT = ".spack";

/**
 * The deepest directory that holds every member but the bare parent directories before it. It begins as a guess from the first
 * file's name, and moves up when a member lies outside.
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
    if (this.#directory === undefined) {
      this.#directory = this.#guess(name);
      return this.#directory;
    }
    return this.#include(parentOf(name));
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
    const before = this.#directory ?? directory;
    let common = before;
    while (common !== "" && !isWithin(directory, common)) common = parentOf(common);
    if (common === "") throw escapes(directory);
    if (common === before) return undefined;
    this.#directory = common;
    return common;
  }

  #guess(name: string): string {
    const components = name.split("/");
    // The last one, as a store may lie below a `.spack` itself: the anchor can move up later, but never down.
    const metadata = components.lastIndexOf(METADATA_COMPONENT);
    const guess = metadata > 0 ? components.slice(0, metadata).join("/") : parentOf(name);
    if (guess === "") throw escapes(name);
    return guess;
  }
}

/** The error for a layer whose members are not the parts of one prefix. */
export function noCommonPrefix(reason: string, place: string): SpackOciError {
  return new SpackOciError("ERR_NO_COMMON_PREFIX", `The layer is no Spack package: ${reason}.`, {
    kind: "corrupt",
    place,
  });
}
