// Reads a file that the user names, up to a limit.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * The text of a file, and its owner and permissions at the moment of reading.
 *
 * @throws Error of the file system, or one that says that the file is too long or not a file.
 */
export function readSmallFile(path: string, limit: number): { text: string; uid: number; mode: number } {
  const file = openSync(path, "r");
  try {
    const { uid, mode } = fstatSync(file);
    const bytes = Buffer.alloc(limit + 1);
    let size = 0;
    for (;;) {
      const count = readSync(file, bytes, size, bytes.length - size, null);
      if (count === 0) break;
      size += count;
      if (size > limit) throw new Error(`it has more than ${limit} bytes`);
    }
    return { text: bytes.toString("utf8", 0, size), uid, mode };
  } finally {
    closeSync(file);
  }
}
