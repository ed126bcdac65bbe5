// Replaces hashes in a prefix and in all of its files.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Replaces hashes in a text. */
export type Rename = (text: string) => string;

/** Replaces hashes by others that depend only on them and the seed. */
export function renameHashes(hashes: readonly string[], seed: string): Rename {
  const renamed = new Map(
    hashes.map((hash) => {
      const bytes = createHash("sha256").update(`${hash} ${seed}`).digest();
      return [hash, Array.from(bytes, (byte) => "abcdefghijklmnopqrstuvwxyz234567"[byte % 32]).join("")];
    }),
  );
  const pattern = new RegExp(hashes.join("|"), "g");
  return (text) => text.replaceAll(pattern, (hash) => renamed.get(hash) ?? hash);
}

/** Copies a prefix to its new name next to it. */
export function copyPrefix(prefix: string, rename: Rename): void {
  const copied = join(dirname(prefix), rename(basename(prefix)));
  execFileSync("cp", ["-a", prefix, copied]);
  renameWithin(Buffer.from(copied), rename);
}

/** File names are bytes, not necessarily text. */
function renameWithin(path: Buffer, rename: Rename): void {
  const stat = lstatSync(path);
  const renamed = (bytes: Buffer) => Buffer.from(rename(bytes.toString("latin1")), "latin1");
  if (stat.isSymbolicLink()) {
    const target = readlinkSync(path, { encoding: "buffer" });
    unlinkSync(path);
    symlinkSync(renamed(target), path);
  } else if (stat.isDirectory()) {
    for (const name of readdirSync(path, { encoding: "buffer" })) {
      renameWithin(Buffer.concat([path, Buffer.from("/"), name]), rename);
    }
  } else {
    const before = readFileSync(path);
    const after = renamed(before);
    if (!after.equals(before)) writeFileSync(path, after);
  }
}
