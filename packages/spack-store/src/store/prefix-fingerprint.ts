// Tells whether anything in a prefix has changed since it was looked at, without reading its files.

import { createHash } from "node:crypto";
import { lstat, readlink, sideBySide } from "@spack-oci/files";
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
  const hash = createHash("sha256");
  for await (const digest of sideBySide(walkPrefix(top), (entry) => digestOf(entry, top.length))) {
    hash.update(digest);
  }
  return hash.digest("hex");
}

async function digestOf({ path, type }: PrefixEntry, start: number): Promise<Buffer> {
  const { mode, uid, gid, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
  const target = type === "symlink" ? await readlink(path, { encoding: "buffer" }) : "";
  const changes = type === "directory" ? "" : `${size} ${mtimeNs} ${ctimeNs}`;
  const hash = createHash("sha256");
  // None of them holds a NUL.
  for (const part of [path.subarray(start), type, `${mode} ${uid} ${gid}`, changes, target]) {
    hash.update(part).update("\0");
  }
  return hash.digest();
}
