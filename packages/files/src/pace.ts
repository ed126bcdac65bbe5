// Decides by the duration of recent operations whether the next one runs synchronously or on Node's thread pool.

import { Turns } from "./turns.js";

/**
 * Milliseconds that an operation may take on average. The round trip to the thread pool takes a few tenths of that.
 * Most operations take a few hundredths on a local disk, and several times as long on a network file system.
 */
const MAX_AVERAGE = 0.5;

/** Milliseconds that count at most for one operation, so that a single slow one changes nothing. */
const MAX_COUNTED = 4 * MAX_AVERAGE;

/** Weight of the last operation in the moving average. */
const WEIGHT = 0.05;

/** Operations that run on the thread pool before a synchronous one is tried again. */
const THREAD_POOL_RUN = 256;

/** Milliseconds that copying a byte takes; they say nothing about the file system. */
const PER_BYTE = 2e-6;

/** Runs one operation of many. */
export type Operate = <T>(operation: () => T, bytes?: number) => T;

/** Operations and how long they took together. */
export interface Operations {
  readonly operations: number;
  readonly milliseconds: number;
  /** Bytes that they read and wrote. */
  readonly bytes: number;
}

const TOO_SLOW = Symbol("the file system is too slow");

/** A process needs one for all of its operations; tests create more. */
export class Pace {
  readonly #now: () => number;
  #average = 0;
  #leftOnThreadPool = 0;
  readonly #turns: Turns;

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#turns = new Turns(now);
  }

  /**
   * Runs an operation in one of two ways that have the same result.
   *
   * @param bytes number of bytes that it reads or writes
   */
  async run<T>(synchronous: () => T, onThreadPool: () => Promise<T>, bytes = 0): Promise<T> {
    if (this.#leftOnThreadPool > 0) {
      this.#leftOnThreadPool -= 1;
      return onThreadPool();
    }
    if (this.#turns.isOver) await this.#turns.yield();
    const began = this.#now();
    try {
      return synchronous();
    } finally {
      this.#took(this.#now() - began - bytes * PER_BYTE);
    }
  }

  /**
   * Runs work that does many operations in one go, without a promise for each. It must not change anything, because it
   * may be abandoned.
   *
   * @param work passes each operation to its argument, with the number of bytes that it reads
   * @returns undefined if the file system is slow, or turns out to be
   */
  runInOneGo<T>(work: (operate: Operate) => T): T | undefined {
    const operate: Operate = (operation, bytes = 0) => {
      if (this.#leftOnThreadPool > 0) throw TOO_SLOW;
      const began = this.#now();
      try {
        return operation();
      } finally {
        this.#took(this.#now() - began - bytes * PER_BYTE);
      }
    };
    try {
      return work(operate);
    } catch (error) {
      if (error === TOO_SLOW) return undefined;
      throw error;
    }
  }

  /** Whether operations run on the thread pool for now. */
  get isSlow(): boolean {
    return this.#leftOnThreadPool > 0;
  }

  /** Takes note of operations that ran synchronously elsewhere, one after the other. */
  note({ operations, milliseconds, bytes }: Operations): void {
    if ((milliseconds - bytes * PER_BYTE) / operations > MAX_AVERAGE)
      this.#leftOnThreadPool = THREAD_POOL_RUN;
  }

  #took(milliseconds: number): void {
    const counted = Math.max(0, Math.min(milliseconds, MAX_COUNTED));
    this.#average += (counted - this.#average) * WEIGHT;
    if (this.#average <= MAX_AVERAGE) return;
    this.#average = 0;
    this.#leftOnThreadPool = THREAD_POOL_RUN;
  }
}

/** The instance that the operations of this process share. */
export const pace = new Pace();

/** {@link Pace.isSlow} of that instance. */
export function isFileSystemSlow(): boolean {
  return pace.isSlow;
}

/** {@link Pace.note} of that instance. */
export function noteOperations(operations: Operations): void {
  pace.note(operations);
}

/** {@link Pace.runInOneGo} of that instance. */
export function inOneGo<T>(work: (operate: Operate) => T): T | undefined {
  return pace.runInOneGo(work);
}
