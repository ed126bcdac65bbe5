// The content of a directory in a form that tests can compare.

import { createHash } from "node:crypto";
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Described {
  readonly type: "dir" | "file" | "symlink" | "other";
  readonly executable?: boolean;
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
  /** The first name of the same inode, in byte order. */
  readonly sameAs?: string;
}

/** The entries of a tree by path in ISO 8859-1, so that names can have any bytes. `.` is the tree itself. */
export function describeTree(root: string): Map<string, Described> {
  const paths = listPaths(Buffer.from(root), "").sort();
  const inodes = new Map<number, string>();
  const entries = new Map<string, Described>();
  for (const path of paths) {
    const place = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
    const stat = lstatSync(place);
    if (stat.isDirectory()) entries.set(path, { type: "dir" });
    else if (stat.isSymbolicLink()) {
      entries.set(path, { type: "symlink", target: readlinkSync(place, "buffer").toString("latin1") });
    } else if (stat.isFile()) {
      const first = inodes.get(stat.ino);
      inodes.set(stat.ino, first ?? path);
      const content = readFileSync(place);
      entries.set(path, {
        type: "file",
        executable: (stat.mode & 0o100) !== 0,
        size: content.length,
        sha256: createHash("sha256").update(content).digest("hex"),
        ...(first === undefined ? {} : { sameAs: first }),
      });
    } else entries.set(path, { type: "other" });
  }
  return entries;
}

function listPaths(root: Buffer, below: string): string[] {
  const place = Buffer.concat([root, Buffer.from(`/${below}`, "latin1")]);
  const entries = readdirSync(place, {
    withFileTypes: true,
    encoding: "buffer",
  }) as unknown as Dirent<Buffer>[];
  return [
    below === "" ? "." : below,
    ...entries.flatMap((entry) => {
      const name = entry.name.toString("latin1");
      const path = below === "" ? name : `${below}/${name}`;
      return entry.isDirectory() ? listPaths(root, path) : [path];
    }),
  ];
}
