// Reads open files from start to end in chunks.

import type { OpenFile } from "./open-file.js";

const CHUNK_SIZE = 1024 * 1024;

/** Buffers for reuse, as many as files were ever read at once: V8 would free one for each file too late. */
const idle: Buffer[] = [];

/** Which part of a file is read. */
export interface ReadThroughOptions {
  /** Expected size of the file in bytes; a wrong one only costs time. */
  readonly size: number;
  /** Byte offset at which reading ends; the end of the file by default. */
  readonly end?: number | undefined;
}

/**
 * Reads an open file in chunks of 1 MiB.
 *
 * @param use is called with one chunk at a time, whose buffer is reused afterwards
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

/** The chunks of an open file, each in a new buffer, so that they can be kept. */
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
    // One byte more than is left: if a read does not fill the buffer, it has found the end, and no other read is
    // needed. Not more than that, because the length of a read counts when its duration is judged.
    const left = size - position + 1;
    const buffer = bufferOf(Math.min(CHUNK_SIZE, left > 0 ? left : CHUNK_SIZE, end - position));
    const { bytesRead } = await file.read(buffer, { position });
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
    position += bytesRead;
    if (bytesRead === 0 || (bytesRead < buffer.length && position >= size)) return;
  }
}
