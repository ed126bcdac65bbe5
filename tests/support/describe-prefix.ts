// Describes a prefix as the oracle does, so that two prefixes can be compared entry by entry.

import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { OracleEntry } from "./fixtures.js";

/** The entries of a prefix, and the names that share an inode. */
export interface PrefixDescription {
  readonly entries: Record<string, OracleEntry>;
  readonly hardlinks: string[][];
}

export function describePrefix(prefix: string): PrefixDescription {
  const entries: Record<string, OracleEntry> = {};
  const inodes = new Map<number, string[]>();
  const visit = (path: Buffer, name: string) => {
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o7777).toString(8).padStart(4, "0");
    if (stat.isSymbolicLink()) {
      entries[name] = { mode, type: "symlink", target: text(readlinkSync(path, { encoding: "buffer" })) };
    } else if (stat.isDirectory()) {
      entries[name] = { mode, type: "dir" };
      for (const child of readdirSync(path, { encoding: "buffer" })) {
        const childPath = Buffer.concat([path, Buffer.from("/"), child]);
        visit(childPath, text(childPath.subarray(Buffer.byteLength(prefix) + 1)));
      }
    } else {
      const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
      entries[name] = { mode, type: "file", size: stat.size, sha256 };
      if (stat.nlink > 1) inodes.set(stat.ino, [...(inodes.get(stat.ino) ?? []), name]);
    }
  };
  visit(Buffer.from(prefix), ".");
  return { entries, hardlinks: [...inodes.values()].map((names) => names.sort()).sort() };
}

/** JSON cannot hold bytes that are not UTF-8; such names are marked. */
function text(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `latin1:${bytes.toString("latin1")}`;
  }
}
