// Locks within this process. POSIX locks do not exclude their own process, so these come first.

import { type FileLocks, type HeldLock, type LockRange, type LockRequest, lockTimeout } from "./locks.js";

interface Entry {
  readonly path: string;
  readonly range: LockRange;
}

/** Locks within this process. Shared locks exclude each other, too, which is simple and costs little. */
export class ProcessLocks implements FileLocks {
  readonly crossProcess = false;
  readonly #held = new Set<Entry>();
  #released!: Promise<void>;
  #announce!: () => void;

  constructor() {
    this.#expectRelease();
  }

  async acquire(path: string, { range, timeoutSeconds }: LockRequest): Promise<HeldLock> {
    const entry: Entry = { path, range };
    const deadline = timeoutSeconds === undefined ? undefined : Date.now() + timeoutSeconds * 1000;
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
      timer = setTimeout(() => resolve(false), Math.max(0, deadline - Date.now()));
    });
    try {
      return await Promise.race([released, expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function conflict(a: Entry, b: Entry): boolean {
  return a.path === b.path && a.range.start < end(b.range) && b.range.start < end(a.range);
}

function end(range: LockRange): number {
  return range.length === 0 ? Number.POSITIVE_INFINITY : range.start + range.length;
}
