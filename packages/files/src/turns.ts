// Lets the event loop run during long synchronous work: requests, progress and interruptions wait for it.

import { setImmediate } from "node:timers/promises";

/** Milliseconds after which the event loop gets a turn. */
const MAX_TURN = 10;

/** The turns of one piece of work. */
export class Turns {
  readonly #now: () => number;
  #began: number;

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#began = now();
  }

  /** Whether it is time to {@link yield}. Asking first is quicker than a promise for each step. */
  get isOver(): boolean {
    return this.#now() - this.#began > MAX_TURN;
  }

  /** Gives the event loop its turn, and begins the next one. */
  async yield(): Promise<void> {
    await setImmediate();
    this.#began = this.#now();
  }
}
