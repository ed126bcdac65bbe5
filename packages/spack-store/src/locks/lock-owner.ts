// Who holds a lock that is a file, in a text that lets others find out whether that process still runs.

import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { isRunning } from "../system/is-running.js";

/** A process. Fields that a system does not have are "-". */
interface Owner {
  readonly host: string;
  /** One start of the host: with the next one, the same process IDs come again. */
  readonly boot: string;
  /** The scope of process IDs: containers may share a host's name, but not its process IDs. */
  readonly namespace: string;
  readonly pid: number;
  /** When the process started, in ticks since the boot: process IDs are used again. */
  readonly started: string;
}

/** This process as the owner of one lock; no two texts are equal. */
export function newOwner(): string {
  const { host, boot, namespace, pid, started } = thisProcess();
  return `spack-oci ${host} ${boot} ${namespace} ${pid} ${started} ${randomBytes(8).toString("hex")}`;
}

/** The part of an owner's text that no other text has, for use in a file's name. */
export function tokenOf(text: string): string {
  return /[0-9a-f]{16}$/.exec(text)?.[0] ?? "unreadable";
}

/** Whether the process is certainly no longer running; false for processes that cannot be seen from here. */
export function isGone(text: string): boolean {
  const owner = parseOwner(text);
  const here = thisProcess();
  if (owner === undefined || owner.host !== here.host) return false;
  if (differ(owner.boot, here.boot)) return true;
  if (owner.namespace !== here.namespace) return false;
  return !isRunning(owner.pid) || differ(startOf(owner.pid), owner.started);
}

/**
 * Whether two fields are known to differ; /proc may hide the processes of other users, or be missing in a container.
 */
function differ(one: string, other: string): boolean {
  return one !== other && one !== "-" && other !== "-";
}

/** Whether the process cannot be seen from here, so that it counts as running forever. */
export function isElsewhere(text: string): boolean {
  const owner = parseOwner(text);
  const here = thisProcess();
  return owner === undefined || owner.host !== here.host || owner.namespace !== here.namespace;
}

/** For messages. */
export function describeOwner(text: string): string {
  const owner = parseOwner(text);
  if (owner === undefined) return "An unknown process";
  return `Process ${owner.pid} on ${owner.host.replace(/\/[^/]*$/, "")}`;
}

function parseOwner(text: string): Owner | undefined {
  const match = /^spack-oci (\S+) (\S+) (\S+) (\d+) (\S+) [0-9a-f]{16}$/.exec(text);
  if (match === null) return undefined;
  const [, host = "", boot = "", namespace = "", pid = "", started = ""] = match;
  return { host, boot, namespace, pid: Number(pid), started };
}

/** Different machines may have the same name, so a machine's ID is part of it. */
function thisProcess(): Owner {
  return {
    host: `${hostname()}/${readOr("/etc/machine-id")}`,
    boot: readOr("/proc/sys/kernel/random/boot_id"),
    namespace: pidNamespace(),
    pid: process.pid,
    started: startOf(process.pid),
  };
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8").trim() || "-";
  } catch {
    return "-"; // not Linux, or a minimal container
  }
}

function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "-"; // not Linux: all process IDs share one scope
  }
}

/**
 * The 22nd field of /proc/PID/stat; "-" if it cannot be read, and "ended" for a process that only waits for its parent.
 */
function startOf(pid: number): string {
  const text = readOr(`/proc/${pid}/stat`);
  // The second field, the program's name, is in parentheses, and may contain anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return "ended";
  return fields[19] ?? "-";
}
