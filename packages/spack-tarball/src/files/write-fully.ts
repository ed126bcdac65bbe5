// Writes a whole buffer at a position of an open file.

import type { FileHandle } from "node:fs/promises";

/** Goes on after short writes. */
export async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
