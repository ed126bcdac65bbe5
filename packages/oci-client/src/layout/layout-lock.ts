// Serializes the writers of one layout, within this process and between processes, so that no tag is lost.

import { randomBytes } from "node:crypto";
import { readlinkSync } from "node:fs";
import { open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { isMissing, SpackOciError } from "@spack-oci/errors";
import { parseJsonOrUndefined } from "../content/json.js";
import { hasCode } from "./file-errors.js";

/** Holders need milliseconds: one that has had its lock for half a minute is gone, or its machine is. */
const MAX_LOCK_AGE = 30_000;
const MAX_WAIT = 60_000;

const queues = new Map<string, Promise<unknown>>();

/**
 * Runs `task` while nobody else runs one for the same lock file.
 *
 * @throws SpackOciError of kind `conflict`, code `ERR_OCI_LAYOUT_LOCKED`, if another process does not release it.
 */
export function withLayoutLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const run = before.then(
    () => lockedRun(path, task),
    () => lockedRun(path, task),
  );
  queues.set(path, run);
  const forget = () => {
    if (queues.get(path) === run) queues.delete(path);
  };
  run.then(forget, forget);
  return run;
}

async function lockedRun<T>(path: string, task: () => Promise<T>): Promise<T> {
  const owner = await acquire(path);
  try {
    return await task();
  } finally {
    if ((await readLock(path)) === owner) await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<string> {
  const owner = JSON.stringify({ pid: process.pid, host: thisHost(), token: randomBytes(8).toString("hex") });
  const deadline = Date.now() + MAX_WAIT;
  while (!(await createExclusively(path, owner))) {
    await breakStaleLock(path);
    if (Date.now() > deadline) throw stillLocked(path);
    await delay(2 + Math.random() * 20);
  }
  return owner;
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    try {
      await file.writeFile(content);
    } catch (error) {
      // The disk is full: an empty lock has no owner, and others would wait until it is old.
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/**
 * Removes a lock whose owner died. Only the process that creates the marker named after that lock may remove it, and
 * only after checking again: otherwise two processes that found the same dead lock could remove each other's new one.
 */
async function breakStaleLock(path: string): Promise<void> {
  const found = await readLock(path);
  if (found === undefined || !(await isStale(path, found))) return;
  const marker = `${path}.${tokenOf(found)}`;
  if (!(await createExclusively(marker, ""))) {
    if (await isOld(marker)) await rm(marker, { force: true });
    return;
  }
  try {
    if ((await readLock(path)) === found) await rm(path, { force: true });
  } finally {
    await rm(marker, { force: true });
  }
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function isStale(path: string, content: string): Promise<boolean> {
  return (await isOld(path)) || ownerIsDead(content);
}

async function isOld(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > MAX_LOCK_AGE;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function ownerIsDead(content: string): boolean {
  const { pid, host } = parseOwner(content);
  if (host !== thisHost() || pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}

/** The scope of process IDs: containers may share a host name but not their process IDs. */
export function thisHost(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname(); // not Linux: all process IDs share one scope
  }
}

function tokenOf(content: string): string {
  return parseOwner(content).token ?? "unreadable";
}

/** The owner of a lock; empty while the owner is still writing it. */
function parseOwner(content: string): { pid?: number; host?: string; token?: string } {
  const match = /^\{"pid":(\d+),"host":("[^"]*"),"token":"([0-9a-f]+)"\}$/.exec(content);
  if (match === null) return {};
  const host = parseJsonOrUndefined(match[2] ?? "");
  return typeof host === "string" ? { pid: Number(match[1]), host, token: match[3] ?? "" } : {};
}

function stillLocked(path: string): SpackOciError {
  return new SpackOciError("ERR_OCI_LAYOUT_LOCKED", `${path} is held by another process.`, {
    kind: "conflict",
    place: path,
    hint: "Wait for the other process; if there is none, remove the file.",
  });
}
