// Limits how much of the process's memory layers may take.

/** Counts bytes that are held; those who get none put their layer onto the disk instead. */
export class MemoryBudget {
  readonly #largest: number;
  #left: number;

  /**
   * @param bytes how many may be held at once; 0 to hold nothing
   * @param largest how many a single layer may take; a larger one never takes the place of small ones
   */
  constructor(bytes: number, largest: number = bytes) {
    this.#left = bytes;
    this.#largest = largest;
  }

  /** Takes bytes, if that many are left. @returns whether it did; if so, give them back */
  take(bytes: number): boolean {
    if (bytes > this.#largest || bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** Gives bytes back. */
  give(bytes: number): void {
    this.#left += bytes;
  }
}
