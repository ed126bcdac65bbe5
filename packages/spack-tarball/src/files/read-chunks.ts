// Reads an open file from its start in chunks.

import type { FileHandle } from "node:fs/promises";

const CHUNK_SIZE = 1024 * 1024;

/** Each chunk is a buffer of its own, so that a consumer may keep it. */
export async function* readChunks(file: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  let position = 0;
  const { size } = await file.stat();
  for (;;) {
    // One byte more than is left finds the end of a small file without a second read of a whole chunk.
    const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_SIZE, size - position + 1)));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}
