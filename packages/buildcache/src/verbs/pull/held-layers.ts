// Limits the memory of layers that were fetched and wait for the dependencies of their packages.

/** Bytes of a compressed layer. A larger one is unpacked as it arrives, while the network is still busy with it. */
const MAX_LAYER = 4 * 1024 * 1024;

/** Bytes of all layers that wait. */
const BUDGET = 32 * 1024 * 1024;

/** Small layers are favored: a larger one never takes their place, because it is unpacked right away. */
export class HeldLayers {
  readonly #maxLayer: number;
  #left: number;

  /** @param budget bytes; 0 to hold nothing */
  constructor(budget: number = BUDGET, maxLayer: number = MAX_LAYER) {
    this.#left = budget;
    this.#maxLayer = maxLayer;
  }

  /** Reserves memory. @returns whether there is any; if so, release it */
  reserve(bytes: number): boolean {
    if (bytes > this.#maxLayer || bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  release(bytes: number): void {
    this.#left += bytes;
  }
}
