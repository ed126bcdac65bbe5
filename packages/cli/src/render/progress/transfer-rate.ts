// How fast bytes move now, not on average since the start.

/** Milliseconds that the rate is measured over. */
const WINDOW = 5000;
/** Milliseconds that one sample collects. */
const SAMPLE = 250;

export class TransferRate {
  #samples: { readonly since: number; bytes: number }[] = [];
  #first: number | undefined;

  add(bytes: number, now: number): void {
    this.#first ??= now;
    const last = this.#samples.at(-1);
    if (last !== undefined && now - last.since < SAMPLE) last.bytes += bytes;
    else this.#samples.push({ since: now, bytes });
  }

  /** Bytes per second; undefined until there is something to measure. */
  perSecond(now: number): number | undefined {
    if (this.#first === undefined) return undefined;
    this.#samples = this.#samples.filter(({ since }) => now - since < WINDOW);
    const elapsed = Math.min(WINDOW, now - this.#first);
    if (elapsed < SAMPLE) return undefined;
    return (this.#samples.reduce((sum, { bytes }) => sum + bytes, 0) * 1000) / elapsed;
  }
}
