// The part of a prefix's fingerprint that stands for one entry.

import type { BigIntStats } from "node:fs";
import type { TreeEntry } from "./walk.js";

/** An entry whose status is known. */
export interface FingerprintedEntry {
  /** Below the prefix, with a leading slash. */
  readonly path: Buffer;
  readonly type: TreeEntry["type"];
  /** Of a symbolic link. */
  readonly target: Buffer | undefined;
}

const NOTHING = Buffer.alloc(0);
const NUL = Buffer.from("\0");

/** @param status not following links */
export function fingerprintEntry(entry: FingerprintedEntry, status: BigIntStats): Buffer {
  const { mode, uid, gid, size, mtimeNs, ctimeNs } = status;
  const { path, type, target = NOTHING } = entry;
  const changes = type === "directory" ? "" : `${size} ${mtimeNs} ${ctimeNs}`;
  // None of the parts contains a NUL, so those of all entries can be joined.
  const facts = Buffer.from(`\0${type}\0${mode} ${uid} ${gid}\0${changes}\0`);
  return Buffer.concat([path, facts, target, NUL]);
}
