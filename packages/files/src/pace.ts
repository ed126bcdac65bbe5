// Decides whether an operation on a file is done at once or on Node's thread pool, by how long the last ones took.

import { setImmediate } from "node:timers/promises";

/**
 * Milliseconds that an operation may take on average. The way to the thread pool and back takes some tenths of that; on a
 * local disk most operations take some hundredths, on a network's file system several times as long.
 */
const SLOW = 0.5;

/** Milliseconds that are counted of one operation, so that a single slow one changes nothing. */
const MAX_COUNTED = 4 * SLOW;

/** What share of the average the last operation makes. */
const WEIGHT = 0.05;

/** How many operations go to the thread pool before it is tried again whether they have to. */
const ELSEWHERE = 256;

/** Milliseconds after which everybody else gets a turn. */
const MAX_TURN = 10;

/** Milliseconds that copying a byte takes, which says nothing about the file system. */
const PER_BYTE = 2e-6;

/** One for all operations of a process; more only serve tests. */
export class Pace {
  readonly #now: () => number;
  #average = 0;
  #leftElsewhere = 0;
  #turnBegan: number;

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#turnBegan = now();
  }

  /**
   * Does an operation in one of two ways that have the same outcome.
   *
   * @param bytes how many bytes it moves
   */
  async run<T>(atOnce: () => T, elsewhere: () => Promise<T>, bytes = 0): Promise<T> {
    if (this.#leftElsewhere > 0) {
      this.#leftElsewhere -= 1;
      return elsewhere();
    }
    if (this.#now() - this.#turnBegan > MAX_TURN) {
      await setImmediate();
      this.#turnBegan = this.#now();
    }
    const began = this.#now();
    try {
      return atOnce();
    } finally {
      this.#took(this.#now() - began - bytes * PER_BYTE);
    }
  }

  #took(milliseconds: number): void {
    const counted = Math.max(0, Math.min(milliseconds, MAX_COUNTED));
    this.#average += (counted - this.#average) * WEIGHT;
    if (this.#average <= SLOW) return;
    this.#average = 0;
    this.#leftElsewhere = ELSEWHERE;
  }
}

/** The pace of this process. */
export const pace = new Pace();
