// Reads and writes whole pieces of an open file, however short single reads and writes turn out.

import type { OpenFile } from "@spack-oci/files";

/** Exactly `length` bytes at `offset`, or undefined if the file has fewer. */
export async function readExactly(
  file: OpenFile,
  offset: number,
  length: number,
): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, { offset: done, position: offset + done });
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return bytes;
}

/** Writes all of `bytes` at `position`. */
export async function writeFully(file: OpenFile, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, { offset: done, position: position + done });
    done += bytesWritten;
  }
}
