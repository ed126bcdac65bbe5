// Reads open files from their start to their end.

import type { OpenFile } from "./open-file.js";

const CHUNK_SIZE = 1024 * 1024;

/** Buffers that are used again and again, as many as files were ever read at once: V8 frees one for each file late. */
const idle: Buffer[] = [];

/** What is read of a file. */
export interface ReadThroughOptions {
  /** How long the file is expected to be; a wrong one only costs time. */
  readonly size: number;
  /** Where reading ends, in bytes from the start; without it at the end of the file. */
  readonly end?: number | undefined;
}

/**
 * Reads an open file in chunks of 1 MiB.
 *
 * @param use takes one chunk after the other; its bytes are others once it has returned
 */
export async function readThrough(
  file: OpenFile,
  options: ReadThroughOptions,
  use: (chunk: Buffer) => Promise<void> | void,
): Promise<void> {
  const buffer = idle.pop() ?? Buffer.allocUnsafeSlow(CHUNK_SIZE);
  try {
    for await (const chunk of chunksOf(file, options, (length) => buffer.subarray(0, length))) {
      await use(chunk);
    }
  } finally {
    idle.push(buffer);
  }
}

/** The same for whoever keeps chunks: each is a buffer of its own. */
export function readChunks(
  file: OpenFile,
  options: ReadThroughOptions,
): AsyncGenerator<Buffer, void, undefined> {
  return chunksOf(file, options, (length) => Buffer.allocUnsafe(length));
}

async function* chunksOf(
  file: OpenFile,
  { size, end = Number.POSITIVE_INFINITY }: ReadThroughOptions,
  bufferOf: (length: number) => Buffer,
): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0; position < end; ) {
    // One byte more than is left: a read that does not fill such a buffer has found the end, and no other is needed. Nor is
    // more asked for than there is, which the pace of the file system is reckoned with.
    const left = size - position + 1;
    const buffer = bufferOf(Math.min(CHUNK_SIZE, left > 0 ? left : CHUNK_SIZE, end - position));
    const { bytesRead } = await file.read(buffer, { position });
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    position += bytesRead;
    if (bytesRead === 0 || (bytesRead < buffer.length && position >= size)) return;
  }
}
