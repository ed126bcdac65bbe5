// Tells whether anything in a prefix has changed since it was looked at, without reading its files.

import { createHash } from "node:crypto";
import { lstat, readlink } from "node:fs/promises";
import pLimit from "p-limit";
import { type PrefixEntry, walkPrefix } from "../post-install/walk.js";

/**
 * A digest of everything that `lstat` says of what is below a prefix but for its reading: names, kinds, modes, owners, sizes,
 * targets of links, and both times of change. The second of these, of the inode, nobody can set, so that whatever was
 * written to has another fingerprint. Of directories only names, modes and owners count: what is in them counts itself, and a
 * prefix may be renamed.
 *
 * @throws Error of the file system
 */
export async function fingerprintPrefix(prefix: string): Promise<string> {
  const top = Buffer.from(prefix);
  const entries: PrefixEntry[] = [];
  for await (const entry of walkPrefix(top)) entries.push(entry);
  const limit = pLimit(ENTRIES_AT_ONCE);
  const described = entries.map((entry) => limit(() => describe(entry, top.length)));
  const hash = createHash("sha256");
  for (const parts of await Promise.all(described)) {
    // Names and targets hold no NUL.
    for (const part of parts) hash.update(part).update("\0");
  }
  return hash.digest("hex");
}

/** Each is a turn of the thread pool. */
const ENTRIES_AT_ONCE = 16;

async function describe({ path, type }: PrefixEntry, start: number): Promise<(Buffer | string)[]> {
  const { mode, uid, gid, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
  const owned = [path.subarray(start), type, `${mode} ${uid} ${gid}`];
  if (type === "directory") return owned;
  const target = type === "symlink" ? await readlink(path, { encoding: "buffer" }) : "";
  return [...owned, `${size} ${mtimeNs} ${ctimeNs}`, target];
}
