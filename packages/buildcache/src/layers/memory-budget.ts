// Limits how much of the process's memory layers may take.

/** Counts bytes that are held; those who get none put their layer onto the disk instead, or work more slowly. */
export class MemoryBudget {
  readonly #largest: number;
  readonly #whole: MemoryBudget | undefined;
  #left: number;

  /**
   * @param bytes how many may be held at once; 0 to hold nothing
   * @param largest how many a single taker may get; a larger one never takes the place of small ones
   * @param whole the budget that this one is a part of
   */
  constructor(bytes: number, largest: number = bytes, whole?: MemoryBudget) {
    this.#left = bytes;
    this.#largest = largest;
    this.#whole = whole;
  }

  /** Takes bytes, if that many are left. @returns whether it did; if so, give them back */
  take(bytes: number): boolean {
    if (bytes > this.#largest || bytes > this.#left) return false;
    if (this.#whole?.take(bytes) === false) return false;
    this.#left -= bytes;
    return true;
  }

  /** Gives bytes back. */
  give(bytes: number): void {
    this.#whole?.give(bytes);
    this.#left += bytes;
  }
}
