// The part of a prefix's fingerprint that stands for one entry.

import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { PrefixEntry } from "./walk.js";

/** An entry whose status is known. */
export interface FingerprintedEntry {
  /** Below the prefix, with a leading slash. */
  readonly path: Buffer;
  readonly type: PrefixEntry["type"];
  /** Of a symbolic link. */
  readonly target: Buffer | undefined;
}

/** @param status not following links */
export function fingerprintEntry(entry: FingerprintedEntry, status: BigIntStats): Buffer {
  const { mode, uid, gid, size, mtimeNs, ctimeNs } = status;
  const { path, type, target = "" } = entry;
  const changes = type === "directory" ? "" : `${size} ${mtimeNs} ${ctimeNs}`;
  const hash = createHash("sha256");
  // None of them contains a NUL.
  for (const part of [path, type, `${mode} ${uid} ${gid}`, changes, target]) hash.update(part).update("\0");
  return hash.digest();
}
