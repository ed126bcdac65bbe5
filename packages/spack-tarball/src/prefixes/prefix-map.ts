// Maps old prefixes to new ones, in the order in which Spack tries them.

import { encodeFileName } from "@spack-oci/files";
import { PrefixList } from "./prefix-list.js";

/**
 * An ordered mapping of prefixes without those that stay the same (Spack: `relocate_text.py`,
 * `filter_identity_mappings`).
 */
export class PrefixMap {
  readonly old: PrefixList;
  readonly size: number;
  readonly #replacements: ReadonlyMap<string, Buffer>;

  /**
   * @param entries pairs of old and new prefix, the most specific first. Of equal old prefixes the last one counts, at
   *   the position of the first.
   */
  constructor(entries: Iterable<readonly [string, string]>) {
    const changed = [...new Map(entries)].filter(([from, to]) => from !== to);
    this.size = changed.length;
    this.old = new PrefixList(changed.map(([from]) => encodeFileName(from)));
    this.#replacements = new Map(
      changed.map(([from, to]) => [latin1(encodeFileName(from)), encodeFileName(to)]),
    );
  }

  /** The new prefix for one that {@link PrefixList.matchAt} found. */
  replacement(old: Buffer): Buffer {
    return this.#replacements.get(latin1(old)) ?? old;
  }

  /** `bytes` with the prefix at their beginning replaced, or undefined if they begin with none. */
  replaceStart(bytes: Buffer): Buffer | undefined {
    const old = this.old.matchAt(bytes, 0);
    return old === undefined ? undefined : Buffer.concat([this.replacement(old), bytes.subarray(old.length)]);
  }

  /**
   * A path that begins with a prefix, with every occurrence of the longest such prefix replaced (Spack: relocate.py,
   * `_macho_find_paths`).
   *
   * @returns undefined if it begins with none
   */
  replacePath(path: Buffer): Buffer | undefined {
    const old = this.old.longestAt(path, 0);
    if (old === undefined) return undefined;
    const replacement = latin1(this.replacement(old));
    return Buffer.from(
      latin1(path).replaceAll(latin1(old), () => replacement),
      "latin1",
    );
  }
}

function latin1(bytes: Buffer): string {
  return bytes.toString("latin1");
}
