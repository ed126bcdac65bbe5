// Finds the prefix of a layer while its members pass: only the last one says which directory it is.

import { SpackOciError } from "@spack-oci/errors";
import { prefixOfBuildInfo } from "../build-info/build-info.js";
import { escapes, isWithin, parentOf } from "../tar/member-name.js";

/**
 * The deepest directory that can be the prefix of every member so far, apart from its bare parent directories. It begins as
 * the directory of the first file and moves up when a member is outside of it. It never moves down.
 */
export class Anchor {
  #directory: string | undefined;
  readonly #directoriesSeen: string[] = [];

  /** Undefined until the first member that is not a directory. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /** Directories that the layer has listed so far, in order. */
  get directoriesSeen(): readonly string[] {
    return this.#directoriesSeen;
  }

  /** @returns the new anchor if a directory of the archive changes it */
  seeDirectory(name: string): string | undefined {
    this.#directoriesSeen.push(name);
    if (this.#directory === undefined || isWithin(this.#directory, name)) return undefined;
    return this.#include(name);
  }

  /** @returns the new anchor if a member that is not a directory changes it */
  seeFile(name: string): string | undefined {
    // A build info is two levels below its prefix.
    const directory = prefixOfBuildInfo(name) ?? parentOf(name);
    if (directory === "") throw escapes(name);
    return this.#include(directory);
  }

  /**
   * Checks that the whole layer is one prefix (Spack: binary_distribution.py, `_ensure_common_prefix`).
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

/** The error for a layer whose members are not all in one prefix. */
export function noCommonPrefix(reason: string, place: string): SpackOciError {
  return new SpackOciError("ERR_NO_COMMON_PREFIX", `The layer is not a Spack package: ${reason}.`, {
    kind: "corrupt",
    place,
  });
}
