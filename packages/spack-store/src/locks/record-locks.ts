// The record locks of POSIX, which Node does not offer: the same calls of fcntl(2) as those of Python's fcntl.lockf.

import type { LockMode, LockRange } from "./locks.js";
import { loadNativeCode } from "./native-code.js";

/** The number of a system's error; 0 if there was none. */
type ErrorNumber = number;

/** Takes and releases record locks of this process. */
export interface RecordLocks {
  /** Does not wait: EAGAIN or EACCES if another process holds a lock. */
  lock(fd: number, mode: LockMode, range: LockRange): ErrorNumber;
  unlock(fd: number, range: LockRange): ErrorNumber;
}

/** The constants and the `struct flock` of a system. */
interface System {
  readonly setLock: number;
  readonly types: Readonly<Record<LockMode | "none", number>>;
  /** The offsets of l_type (16 bits), l_start and l_len (64 bits each). */
  readonly offsets: { readonly type: number; readonly start: number; readonly length: number };
}

/** Bytes; no system's `struct flock` is larger. l_whence (SEEK_SET) and l_pid remain 0. */
const STRUCT_SIZE = 32;

/** Of 64-bit Linux, with glibc and musl. */
const LINUX: System = {
  setLock: 6,
  types: { shared: 0, exclusive: 1, none: 2 },
  offsets: { type: 0, start: 8, length: 16 },
};

const DARWIN: System = {
  setLock: 8,
  types: { shared: 1, exclusive: 3, none: 2 },
  offsets: { type: 20, start: 0, length: 8 },
};

const SYSTEMS: Readonly<Record<string, System>> = {
  "linux-x64": LINUX,
  "linux-arm64": LINUX,
  "linux-ppc64": LINUX,
  "linux-riscv64": LINUX,
  "linux-loong64": LINUX,
  "darwin-x64": DARWIN,
  "darwin-arm64": DARWIN,
};

/** @throws Error if there is no native code for this platform, or it is not installed */
export function loadRecordLocks(): RecordLocks {
  const platform = `${process.platform}-${process.arch}`;
  const system = SYSTEMS[platform];
  if (system === undefined) throw new Error(`record locks are not supported on ${platform}`);
  const { errno, load } = loadNativeCode(platform);
  const fcntl = load(null).func("int fcntl(int fd, int command, ...)") as (
    fd: number,
    command: number,
    type: "void *",
    flock: Uint8Array,
  ) => number;
  const set = (fd: number, type: LockMode | "none", range: LockRange): ErrorNumber =>
    fcntl(fd, system.setLock, "void *", flockOf(system, type, range)) === 0 ? 0 : errno();
  return { lock: set, unlock: (fd, range) => set(fd, "none", range) };
}

/** Every system in the table is little-endian. */
function flockOf({ types, offsets }: System, type: LockMode | "none", range: LockRange): Uint8Array {
  const bytes = new Uint8Array(STRUCT_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt16(offsets.type, types[type], true);
  view.setBigInt64(offsets.start, range.start, true);
  view.setBigInt64(offsets.length, range.length, true);
  return bytes;
}
