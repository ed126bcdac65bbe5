// Describes the entries of a prefix for its manifest.

import { createHash, hash as oneShot } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { decodeFileName, type OpenFile, readlink, readThrough } from "@spack-oci/files";
import { base32Encode, type Json, type JsonObject } from "@spack-oci/spack-spec";

/**
 * `create_manifest_entry` of `spack/verify.py` for entries other than files.
 *
 * @param status of `path`, not following links
 * @throws Error of the file system
 */
export async function describeEntry(path: Buffer, status: BigIntStats): Promise<JsonObject> {
  return status.isSymbolicLink()
    ? describeLink(status, decodeFileName(await readlink(path, { encoding: "buffer" })))
    : withOwner(status);
}

/** The same for a directory. */
export function describeDirectory(status: BigIntStats): JsonObject {
  return withOwner(status);
}

/** The same for a symbolic link with a known target. */
export function describeLink(status: BigIntStats, target: string): JsonObject {
  return withOwner(status).set("dest", target);
}

/** What counts of the status of a file. */
export type FileStatus = Pick<BigIntStats, "mode" | "uid" | "gid" | "size" | "mtimeNs" | "ctimeNs">;

/** The same for a file whose content is known by its SHA-1. */
export function describeContent(status: FileStatus, sha1: Buffer): JsonObject {
  return withOwner(status)
    .set("hash", contentHash(sha1))
    .set("time", modificationTime(status))
    .set("size", status.size);
}

/** The hash of a file's content: the upper-case base32 of its sha1 (`compute_hash` of `spack/verify.py`). */
export function contentHash(sha1: Buffer): string {
  return base32Encode(sha1).toUpperCase();
}

function withOwner({ mode, uid, gid }: FileStatus): Map<string, Json> {
  return new Map<string, Json>([
    ["mode", mode],
    ["owner", uid],
    ["group", gid],
  ]);
}

/** Of a content in parts. */
export function sha1OfParts(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return oneShot("sha1", only, "buffer");
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Reads a file to its end. */
export async function sha1Of(file: OpenFile): Promise<Buffer> {
  const hash = createHash("sha1");
  await readThrough(file, { size: file.size }, (chunk) => {
    hash.update(chunk);
  });
  return hash.digest();
}

/** Seconds since 1970 with Python's own rounding; Spack compares floats for equality. */
function modificationTime(status: FileStatus): number {
  const nanoseconds = ((status.mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return Number((status.mtimeNs - nanoseconds) / 1_000_000_000n) + 1e-9 * Number(nanoseconds);
}
