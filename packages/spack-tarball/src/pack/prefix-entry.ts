// The entries of an install prefix, as Spack packs them.

import type { BigIntStats } from "node:fs";

/** An entry of a prefix that goes into a layer. Paths are relative to the prefix; `""` is the prefix itself. */
export type PrefixEntry =
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "symlink"; readonly path: string; readonly target: string }
  | {
      readonly type: "hardlink";
      readonly path: string;
      readonly target: string;
      readonly executable: boolean;
    }
  | {
      readonly type: "file";
      readonly path: string;
      readonly size: number;
      readonly executable: boolean;
      /** Whether the file has other names, here or elsewhere. */
      readonly isShared: boolean;
    };

/** The inodes that a walk has met. */
export interface KnownInodes {
  /** The inode that is skipped. */
  readonly skipped: string | undefined;
  /** The first name of every inode that has several. */
  readonly firstNames: Map<string, string>;
}

const OWNER_EXECUTE = 0o100n;

/** The entry of a file. A second name of an inode is a hard link to the first; everything but files is skipped. */
export function describeFile(
  { skipped, firstNames }: KnownInodes,
  path: string,
  status: BigIntStats,
): PrefixEntry | undefined {
  if (!status.isFile()) return undefined;
  if (skipped !== undefined && identity(status) === skipped) return undefined;
  const executable = (status.mode & OWNER_EXECUTE) !== 0n;
  const isShared = status.nlink > 1n;
  if (isShared) {
    const inode = identity(status);
    const first = firstNames.get(inode);
    if (first !== undefined) return { type: "hardlink", path, target: first, executable };
    firstNames.set(inode, path);
  }
  return { type: "file", path, size: Number(status.size), executable, isShared };
}

/** What two names of one file have in common. */
export function identity(status: Pick<BigIntStats, "dev" | "ino">): string {
  return `${status.dev}:${status.ino}`;
}

/** A path below a directory, which is `""` for the prefix itself. */
export function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
