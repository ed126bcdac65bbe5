// Detects changes in a prefix without reading its files.

import { createHash } from "node:crypto";
import { lstat, readlink, sideBySide } from "@spack-oci/files";
import { fingerprintEntry } from "../post-install/fingerprint-entry.js";
import { type TreeEntry, walkTree } from "../post-install/walk.js";

/**
 * A digest of the metadata of everything below a prefix, except access times: names, kinds, modes, owners, sizes,
 * targets of links, mtime and ctime. Nobody can set ctime, so any write changes the fingerprint. Only names, modes and
 * owners of directories count, because their entries count themselves, and a prefix may be renamed.
 *
 * @throws Error of the file system
 */
export async function fingerprintPrefix(prefix: string): Promise<string> {
  const top = Buffer.from(prefix);
  const hash = createHash("sha256");
  for await (const facts of sideBySide(walkTree(top), (entry) => factsOf(entry, top.length))) {
    hash.update(facts);
  }
  return hash.digest("hex");
}

async function factsOf({ path, type }: TreeEntry, start: number): Promise<Buffer> {
  const status = await lstat(path, { bigint: true });
  const target = type === "symlink" ? await readlink(path, { encoding: "buffer" }) : undefined;
  return fingerprintEntry({ path: path.subarray(start), type, target }, status);
}
