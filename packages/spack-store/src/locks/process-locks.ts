// Locks within this process. POSIX locks do not exclude their own process, so these come first.

import { type FileLocks, type HeldLock, type LockRange, type LockRequest, lockTimeout } from "./locks.js";

interface Entry {
  readonly file: string;
  readonly range: LockRange;
}

/** Locks within this process. Shared locks exclude each other, too, which is simple and costs little. */
export class ProcessLocks implements FileLocks {
  readonly honoredBySpack = false;
  readonly #held = new Set<Entry>();
  #released!: Promise<void>;
  #announce!: () => void;

  constructor() {
    this.#expectRelease();
  }

  /** @param file what identifies the file, if not its path: a file may have several */
  async acquire(path: string, { range, timeoutSeconds }: LockRequest, file = path): Promise<HeldLock> {
    const entry: Entry = { file, range };
    const deadline = timeoutSeconds === undefined ? undefined : performance.now() + timeoutSeconds * 1000;
    while ([...this.#held].some((other) => conflict(entry, other))) {
      if (!(await this.#nextRelease(deadline))) throw lockTimeout(path, timeoutSeconds ?? 0);
    }
    this.#held.add(entry);
    return {
      release: async () => {
        if (!this.#held.delete(entry)) return;
        const announce = this.#announce;
        this.#expectRelease();
        announce();
      },
    };
  }

  #expectRelease(): void {
    this.#released = new Promise((resolve) => {
      this.#announce = resolve;
    });
  }

  /** Waits for a release; false if the deadline passes first. */
  async #nextRelease(deadline: number | undefined): Promise<boolean> {
    const released = this.#released.then(() => true);
    if (deadline === undefined) return released;
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), Math.max(0, deadline - performance.now()));
    });
    try {
      return await Promise.race([released, expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function conflict(a: Entry, b: Entry): boolean {
  return a.file === b.file && startsBeforeEnd(a.range, b.range) && startsBeforeEnd(b.range, a.range);
}

function startsBeforeEnd(a: LockRange, b: LockRange): boolean {
  return b.length === 0n || a.start < b.start + b.length;
}
