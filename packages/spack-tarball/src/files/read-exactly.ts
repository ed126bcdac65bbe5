// Reads a piece of a file whole or not at all.

import type { OpenFile } from "@spack-oci/files";

/** Exactly `length` bytes at `offset`, or undefined where the file has fewer. */
export async function readExactly(
  file: OpenFile,
  offset: number,
  length: number,
): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return bytes;
}
