// Makes an archive of its parts: joins them to larger chunks and adds the end of the archive.

import { BLOCK_SIZE, RECORD_SIZE } from "./tar-entry.js";

/**
 * A chunk without bytes, known by identity. Compression begins a block here that borrows nothing from those before it,
 * so that the end of a layer can be read from here on without the rest.
 */
export const ENTRY_POINT: Buffer = Buffer.alloc(0);

/** Bytes. Shorter parts are joined, because passing on a single header would cost more than making it. */
const CHUNK_SIZE = 64 * 1024;

/** @param parts headers, content and padding in order, and {@link ENTRY_POINT}s, which are passed on */
export async function* archiveChunks(
  parts: AsyncIterable<Buffer> | Iterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let position = 0;
  let held: Buffer[] = [];
  let length = 0;
  for await (const part of parts) {
    position += part.length;
    const isWhole = part.length >= CHUNK_SIZE || part === ENTRY_POINT;
    if (!isWhole) {
      held.push(part);
      length += part.length;
      if (length < CHUNK_SIZE) continue;
    }
    if (length > 0) yield Buffer.concat(held);
    if (isWhole) yield part;
    held = [];
    length = 0;
  }
  yield Buffer.concat([...held, endOfArchive(position)]);
}

/** Two blocks of zeros, and as many more as fill the last record. */
export function endOfArchive(position: number): Buffer {
  const end = position + 2 * BLOCK_SIZE;
  return Buffer.alloc(2 * BLOCK_SIZE + ((RECORD_SIZE - (end % RECORD_SIZE)) % RECORD_SIZE));
}
