// Locks without native code: symbolic links beside Spack's lock files. Spack does not see them, but all other processes
// of spack-oci without native code do. Making a symbolic link is atomic, on NFS too, and its target names the owner.

import { readlink, symlink, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { makeDirectories } from "@spack-oci/files";
import { namesIn } from "../system/names-in.js";
import { describeOwner, isElsewhere, isGone, newOwner, tokenOf } from "./lock-owner.js";
import {
  type FileLocks,
  type HeldLock,
  type LockRange,
  type LockRequest,
  lockError,
  lockTimeout,
} from "./locks.js";
import type { ProcessLocks } from "./process-locks.js";
import { waitForLock } from "./wait-for-lock.js";

/** The name of every link ends in this. */
const SUFFIX = ".spack-oci";

/** Milliseconds after which a lock of another host is reported. */
const PATIENCE = 30_000;

/** A lock has been held for long by a process on another host, which may have ended without releasing it. */
export interface LockHeldElsewhere {
  readonly type: "lock-held-elsewhere";
  /** The lock: a symbolic link. */
  readonly path: string;
  /** The holder, as the beginning of a sentence. */
  readonly holder: string;
}

/**
 * Exclusive locks, even for shared requests. Ranges of a file have to be equal or disjoint, as those that Spack uses
 * are: `prefix_lock` is only locked by bytes, and the others as a whole.
 *
 * A lock whose owner has ended is broken, if that owner ran on this host.
 */
export class SymlinkLocks implements FileLocks {
  readonly honoredBySpack = false;
  readonly #own: ProcessLocks;
  readonly #listener: (event: LockHeldElsewhere) => void;
  /** Since when owners elsewhere have been seen to hold a lock; undefined once that was reported. */
  readonly #heldSince = new Map<string, number | undefined>();

  /** @param own the locks within this process, which are first come, first served */
  constructor(own: ProcessLocks, listener: (event: LockHeldElsewhere) => void = () => undefined) {
    this.#own = own;
    this.#listener = listener;
  }

  async acquire(path: string, request: LockRequest): Promise<HeldLock> {
    const { range, timeoutSeconds } = request;
    const link = linkOf(path, range);
    const began = performance.now();
    const own = await this.#own.acquire(path, request);
    try {
      const owner = newOwner();
      await makeParent(link);
      const waited = (performance.now() - began) / 1000;
      const left = timeoutSeconds === undefined ? undefined : timeoutSeconds - waited;
      if (!(await waitForLock(() => this.#try(link, owner), left)))
        throw await stillHeld(link, timeoutSeconds);
      return { release: () => release(link, owner).finally(() => own.release()) };
    } catch (error) {
      await own.release();
      throw error;
    }
  }

  async #try(link: string, owner: string): Promise<boolean> {
    for (;;) {
      if (await create(link, owner)) return true;
      const found = await read(link);
      // NFS may repeat a request whose answer was lost.
      if (found === owner) return true;
      if (found === undefined) continue;
      if (!(isGone(found) && (await breakLink(link, found)))) {
        this.#notice(link, found);
        return false;
      }
    }
  }

  #notice(link: string, found: string): void {
    if (!isElsewhere(found)) return;
    const now = performance.now();
    const since = this.#heldSince.has(found) ? this.#heldSince.get(found) : now;
    const isOverdue = since !== undefined && now - since > PATIENCE;
    this.#heldSince.set(found, isOverdue ? undefined : since);
    if (isOverdue) this.#listener({ type: "lock-held-elsewhere", path: link, holder: describeOwner(found) });
  }
}

/**
 * Removes the locks that ended processes left in a directory.
 *
 * @throws Error of the file system
 */
export async function sweepSymlinkLocks(directory: string): Promise<void> {
  for (const name of await namesIn(directory)) {
    const link = join(directory, name);
    const found = name.includes(SUFFIX) ? await read(link) : undefined;
    if (found !== undefined && isGone(found)) await breakLink(link, found);
  }
}

function linkOf(path: string, { start, length }: LockRange): string {
  return length === 0n ? `${path}${SUFFIX}` : `${path}.${start}${SUFFIX}`;
}

async function makeParent(link: string): Promise<void> {
  try {
    await makeDirectories(dirname(link));
  } catch (error) {
    throw lockError(link, error);
  }
}

/** @returns false if it exists */
async function create(link: string, owner: string): Promise<boolean> {
  try {
    await symlink(owner, link);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    if (code === "EACCES" || code === "EROFS" || code === "EPERM") throw lockError(link, error);
    throw new SpackOciError("ERR_LOCK_FAILED", `Could not lock ${link}: ${message}.`, {
      kind: "failed",
      place: link,
      hint: "Check the file system of the store.",
      cause: error,
    });
  }
}

/** @returns undefined if it does not exist */
async function read(link: string): Promise<string | undefined> {
  try {
    return await readlink(link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    // A file of that name is nobody's lock, and stands in the way until somebody removes it.
    if (code === "EINVAL") return "";
    throw lockError(link, error);
  }
}

/**
 * Removes a lock whose owner has ended. Only the process that creates the marker named after that owner may remove it,
 * and only after checking again: otherwise two processes that found the same lock could remove each other's new one.
 *
 * @returns whether it is gone
 */
async function breakLink(link: string, found: string): Promise<boolean> {
  const marker = `${link}.${tokenOf(found)}`;
  const owner = newOwner();
  if (!(await create(marker, owner))) {
    const breaker = await read(marker);
    if (breaker !== undefined && isGone(breaker)) await breakLink(marker, breaker);
    return false;
  }
  try {
    if ((await read(link)) === found) await unlink(link);
    return true;
  } finally {
    await unlink(marker);
  }
}

async function release(link: string, owner: string): Promise<void> {
  if ((await read(link)) === owner) await unlink(link);
}

async function stillHeld(link: string, timeoutSeconds = 0): Promise<SpackOciError> {
  const found = await read(link);
  if (found === undefined || !isElsewhere(found)) return lockTimeout(link, timeoutSeconds);
  const hint = `${describeOwner(found)} holds the lock. If it is no longer running, remove ${link}.`;
  return lockTimeout(link, timeoutSeconds, hint);
}
