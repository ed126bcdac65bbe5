// Reads an open file from its start in chunks.

import type { OpenFile } from "@spack-oci/files";

const CHUNK_SIZE = 1024 * 1024;

/**
 * Each chunk is a buffer of its own, so that a consumer may keep it.
 *
 * @param size how long the file is expected to be; a wrong one only costs time
 */
export async function* readChunks(file: OpenFile, size: number): AsyncGenerator<Buffer, void, undefined> {
  let position = 0;
  for (;;) {
    // One byte more than is left: a read that does not fill such a chunk has found the end, and no other is needed.
    const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_SIZE, size - position + 1)));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead > 0) yield chunk.subarray(0, bytesRead);
    position += bytesRead;
    if (bytesRead === 0 || (bytesRead < chunk.length && position >= size)) return;
  }
}
