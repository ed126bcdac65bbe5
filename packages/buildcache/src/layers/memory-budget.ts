// Limits how much of the process's memory layers may take.

/** Counts bytes that are held; those who get none put their layer into a file instead. */
export class MemoryBudget {
  #left: number;

  /** @param bytes how many may be held at once */
  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes bytes, if that many are left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** Gives bytes back. */
  give(bytes: number): void {
    this.#left += bytes;
  }
}
