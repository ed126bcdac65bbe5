// A clock that never waits: sleeping advances its time, and is recorded.

import type { Clock } from "../../src/transport/clock.js";

/** A clock for tests; `random` is constant. */
export interface InstantClock extends Clock {
  /** All requested waits, in milliseconds. */
  readonly sleeps: number[];
  /** Advances the time. */
  advance(milliseconds: number): void;
}

/** Creates a clock that starts at the given time. */
export function instantClock(random = 0.5, start = 1_000_000): InstantClock {
  let time = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    random: () => random,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      time += milliseconds;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
