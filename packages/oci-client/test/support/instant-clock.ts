// A clock that never waits: sleeping moves its time on, and is remembered.
import type { Clock } from "../../src/transport/clock.js";

/** A clock of the tests; `random` is always the same. */
export interface InstantClock extends Clock {
  /** Every wait that was asked for, in milliseconds. */
  readonly sleeps: number[];
  /** Lets time pass. */
  advance(milliseconds: number): void;
}

/** Makes one that starts at the given time. */
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
