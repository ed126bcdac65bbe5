// An ordered list of path prefixes, and the search for them in bytes that every kind of relocation uses.

/** Prefixes in order of priority: if several match at a position, the first of the list wins. */
export class PrefixList {
  readonly #prefixes: readonly Buffer[];
  /** The prefixes that do not begin with another one; every match begins with one of these. */
  readonly #needles: readonly Buffer[];
  /** Length in bytes of the longest prefix. */
  readonly maxLength: number;

  constructor(prefixes: readonly Buffer[]) {
    this.#prefixes = prefixes.filter((prefix) => prefix.length > 0);
    this.#needles = shortestBeginnings(this.#prefixes);
    this.maxLength = Math.max(0, ...this.#prefixes.map((prefix) => prefix.length));
  }

  /** The prefix at `position`, or undefined. */
  matchAt(bytes: Buffer, position: number): Buffer | undefined {
    return this.#prefixes.find((prefix) => hasAt(bytes, position, prefix));
  }

  /** The longest prefix at `position`, whatever its priority, or undefined. */
  longestAt(bytes: Buffer, position: number): Buffer | undefined {
    return this.#prefixes
      .filter((prefix) => hasAt(bytes, position, prefix))
      .reduce<Buffer | undefined>(
        (longest, prefix) => (longest === undefined || prefix.length > longest.length ? prefix : longest),
        undefined,
      );
  }

  /** Finds the first position at or after `from` where a match may begin, or -1. Confirm it with {@link matchAt}. */
  search(bytes: Buffer): (from: number) => number {
    // Each needle remembers its next position, so that the bytes are searched only once for it.
    const places = this.#needles.map(() => -2);
    return (from) => {
      let first = -1;
      for (const [index, needle] of this.#needles.entries()) {
        let place = places[index] ?? -1;
        if (place !== -1 && place < from) {
          place = bytes.indexOf(needle, from);
          places[index] = place;
        }
        if (place !== -1 && (first === -1 || place < first)) first = place;
      }
      return first;
    };
  }
}

function shortestBeginnings(prefixes: readonly Buffer[]): Buffer[] {
  const beginnings: Buffer[] = [];
  for (const prefix of prefixes.toSorted((left, right) => left.length - right.length)) {
    if (!beginnings.some((beginning) => hasAt(prefix, 0, beginning))) beginnings.push(prefix);
  }
  return beginnings;
}

function hasAt(bytes: Buffer, position: number, wanted: Buffer): boolean {
  const end = position + wanted.length;
  return end <= bytes.length && bytes.compare(wanted, 0, wanted.length, position, end) === 0;
}
