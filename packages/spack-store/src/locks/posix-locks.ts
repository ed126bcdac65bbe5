// Locks that Spack respects: POSIX record locks, as taken by Python's fcntl.lockf.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { constants as systemConstants } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SpackOciError } from "@spack-oci/errors";
import { makeDirectories } from "@spack-oci/files";
import { type FileLocks, type HeldLock, type LockMode, type LockRequest, lockTimeout } from "./locks.js";
import { ProcessLocks } from "./process-locks.js";

const { errno } = systemConstants;

/** The part of the optional module os-lock that is used here. */
interface OsLock {
  lock(
    fd: number,
    start: number,
    length: number,
    options: { exclusive: boolean; immediate: true },
  ): Promise<void>;
  unlock(fd: number, start: number, length: number): Promise<void>;
}

/** There are no locks between processes, so another process that works on the same store is not noticed. */
export interface LocksUnavailable {
  readonly type: "locks-unavailable";
  readonly reason: string;
}

/**
 * Locks that other processes respect if the native module os-lock is available; otherwise, or if locks are disabled,
 * locks within this process, and an event `locks-unavailable` at each call.
 *
 * @param enabled Spack's `config:locks`: false for file systems that do not support locks
 */
export async function loadFileLocks(
  listener: (event: LocksUnavailable) => void = () => undefined,
  enabled = true,
): Promise<FileLocks> {
  if (!enabled) {
    listener({ type: "locks-unavailable", reason: "config:locks is false." });
    return disabled;
  }
  loaded ??= load();
  const { locks, reason } = await loaded;
  if (reason !== undefined) listener({ type: "locks-unavailable", reason });
  return locks;
}

const disabled = new ProcessLocks();

/** One for the whole process, because several would not respect each other's locks. */
let loaded: Promise<{ readonly locks: FileLocks; readonly reason?: string }> | undefined;

async function load(): Promise<{ readonly locks: FileLocks; readonly reason?: string }> {
  try {
    return { locks: new PosixLocks(await import("os-lock")) };
  } catch (error) {
    return { locks: new ProcessLocks(), reason: (error as Error).message };
  }
}

class PosixLocks implements FileLocks {
  readonly crossProcess = true;
  readonly #osLock: OsLock;
  readonly #own = new ProcessLocks();
  /** Closing a descriptor of a file drops all of the process's locks on it, so files stay open. */
  readonly #files = new Map<string, Promise<FileHandle>>();

  constructor(osLock: OsLock) {
    this.#osLock = osLock;
  }

  async acquire(path: string, request: LockRequest): Promise<HeldLock> {
    const { range, mode, timeoutSeconds } = request;
    const since = Date.now();
    const own = await this.#own.acquire(path, request);
    try {
      const { fd } = await this.#open(path, mode);
      for (let attempt = 0; !(await this.#try(path, fd, request)); attempt += 1) {
        const waited = (Date.now() - since) / 1000;
        if (timeoutSeconds !== undefined && waited >= timeoutSeconds) throw lockTimeout(path, timeoutSeconds);
        await sleep(pollingInterval(attempt));
      }
      return {
        release: async () => {
          await this.#osLock.unlock(fd, range.start, range.length);
          await own.release();
        },
      };
    } catch (error) {
      await own.release();
      throw error;
    }
  }

  async #try(path: string, fd: number, { range, mode }: LockRequest): Promise<boolean> {
    try {
      await this.#osLock.lock(fd, range.start, range.length, {
        exclusive: mode === "exclusive",
        immediate: true,
      });
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (code === "EAGAIN" || code === "EACCES" || code === "EBUSY") return false;
      if (code === "EBADF") throw lockDenied(path, error);
      throw new SpackOciError("ERR_LOCK_FAILED", `Could not lock ${path}: ${reasonOf(error)}.`, {
        kind: "failed",
        place: path,
        hint: "If the file system does not support locks, set `config:locks: false` in Spack's configuration, and use the store with one process at a time.",
        cause: error,
      });
    }
  }

  #open(path: string, mode: LockMode): Promise<FileHandle> {
    const opened = this.#files.get(path) ?? openLockFile(path, mode);
    this.#files.set(path, opened);
    opened.catch(() => this.#files.delete(path));
    return opened;
  }
}

/** libuv has no name for ENOLCK, the error of file systems without locks: it is an "Unknown system error -37". */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message.endsWith(` -${errno.ENOLCK}`) ? "the file system does not support locks (ENOLCK)" : message;
}

async function openLockFile(path: string, mode: LockMode): Promise<FileHandle> {
  try {
    await makeDirectories(dirname(path));
    return await open(path, constants.O_RDWR | constants.O_CREAT, 0o777);
  } catch (error) {
    if (mode === "exclusive") throw lockDenied(path, error);
    return open(path, "r").catch(() => {
      throw lockDenied(path, error);
    });
  }
}

function lockDenied(path: string, cause: unknown): SpackOciError {
  return new SpackOciError(
    "ERR_LOCK_DENIED",
    `Could not open ${path} for locking: ${(cause as Error).message}.`,
    {
      kind: "denied",
      place: path,
      hint: "The store is read-only or belongs to another user.",
      cause,
    },
  );
}

/** Milliseconds between attempts, as in Spack (`Lock._poll_interval_generator` in `llnl/util/lock.py`). */
function pollingInterval(attempt: number): number {
  if (attempt < 20) return 100;
  return attempt < 60 ? 200 : 500;
}
