// Locks that Spack respects: POSIX record locks, as taken by Python's fcntl.lockf.

import { constants } from "node:os";
import { getSystemErrorName } from "node:util";
import { SpackOciError } from "@spack-oci/errors";
import { type LockFile, LockFiles } from "./lock-files.js";
import { type FileLocks, type HeldLock, type LockRequest, lockDenied, lockTimeout } from "./locks.js";
import { ProcessLocks } from "./process-locks.js";
import type { RecordLocks } from "./record-locks.js";
import { waitForLock } from "./wait-for-lock.js";

const { errno: ERROR_NUMBERS } = constants;

/** Record locks. One instance for the whole process, because several would not respect each other's locks. */
export class PosixLocks implements FileLocks {
  readonly honoredBySpack = true;
  readonly #recordLocks: RecordLocks;
  readonly #own = new ProcessLocks();
  readonly #files = new LockFiles();

  constructor(recordLocks: RecordLocks) {
    this.#recordLocks = recordLocks;
  }

  async acquire(path: string, request: LockRequest): Promise<HeldLock> {
    const { mode, timeoutSeconds } = request;
    const began = performance.now();
    const file = await this.#files.open(path, mode);
    let own: HeldLock | undefined;
    try {
      own = await this.#own.acquire(path, request, file.identity);
      const waited = (performance.now() - began) / 1000;
      const left = timeoutSeconds === undefined ? undefined : timeoutSeconds - waited;
      const locked = await waitForLock(() => this.#try(path, file, request), left);
      if (!locked) throw lockTimeout(path, timeoutSeconds ?? 0);
    } catch (error) {
      file.close();
      await own?.release();
      throw error;
    }
    return this.#held(path, file, { request, own });
  }

  #try(path: string, { fd }: LockFile, { range, mode }: LockRequest): boolean {
    const error = this.#recordLocks.lock(fd, mode, range);
    if (error === ERROR_NUMBERS.EAGAIN || error === ERROR_NUMBERS.EACCES) return false;
    if (error === ERROR_NUMBERS.EBADF) throw lockDenied(path, new Error("it is read-only"));
    if (error !== 0) throw lockFailed(path, error);
    return true;
  }

  #held(path: string, file: LockFile, lock: { request: LockRequest; own: HeldLock }): HeldLock {
    let released = false;
    return {
      release: async () => {
        if (released) return;
        released = true;
        const error = this.#recordLocks.unlock(file.fd, lock.request.range);
        file.close();
        await lock.own.release();
        if (error !== 0) throw lockFailed(path, error);
      },
    };
  }
}

function lockFailed(path: string, errorNumber: number): SpackOciError {
  return new SpackOciError("ERR_LOCK_FAILED", `Could not lock ${path}: ${reasonOf(errorNumber)}.`, {
    kind: "failed",
    place: path,
    hint: "If the file system does not support locks, set `config:locks: false` in Spack's configuration, and use the store with one process at a time.",
  });
}

/** Node has no name for ENOLCK, the error of file systems without locks. */
function reasonOf(errorNumber: number): string {
  if (errorNumber === ERROR_NUMBERS.ENOLCK) return "the file system does not support locks (ENOLCK)";
  return getSystemErrorName(-errorNumber);
}
