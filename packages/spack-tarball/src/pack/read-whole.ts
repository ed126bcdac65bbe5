// Reads a whole file into memory that is there already.

import { closeSync, openSync, readSync } from "node:fs";
import { fileSystemPath } from "@spack-oci/files";

/**
 * Reads a file in this thread.
 *
 * @param room a byte longer than the file, so that the read that fills it without that byte has reached the end
 * @returns how many bytes there are, as far as they fit
 * @throws Error of the file system
 */
export function readWhole(path: string, room: Buffer): number {
  const file = openSync(fileSystemPath(path), "r");
  try {
    let filled = 0;
    for (let read = -1; read !== 0 && filled < room.length; filled += read) {
      read = readSync(file, room, filled, room.length - filled, filled);
      if (filled + read === room.length - 1) return filled + read;
    }
    return filled;
  } finally {
    closeSync(file);
  }
}
