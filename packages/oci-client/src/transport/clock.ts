// Time and randomness, which tests replace.

import { setTimeout as delay } from "node:timers/promises";
import { allowListeners } from "../storage/on-abort.js";

/** What waiting needs; times are in milliseconds. */
export interface Clock {
  now(): number;
  /** Waits; rejects with the signal's reason if it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to but excluding 1. */
  random(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: async (milliseconds, signal) => {
    allowListeners(signal);
    try {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
