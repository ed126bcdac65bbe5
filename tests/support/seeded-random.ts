// Repeatable random numbers: the same seed gives the same sequence.

/** A generator of numbers from 0 up to, not including, 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** This many random bytes. */
export function seededBytes(random: () => number, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random() * 256));
}
