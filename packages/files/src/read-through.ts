// Reads files from their start to their end with buffers that are used again and again: memory for each file on its own is
// given back late, and no longer where it was.

import type { OpenFile } from "./open-file.js";

const BUFFER_SIZE = 1024 * 1024;

/** As many as files were ever read at once. */
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
  { size, end = Number.POSITIVE_INFINITY }: ReadThroughOptions,
  use: (chunk: Buffer) => Promise<void> | void,
): Promise<void> {
  const buffer = idle.pop() ?? Buffer.allocUnsafeSlow(BUFFER_SIZE);
  try {
    for (let position = 0; position < end; ) {
      const wanted = Math.min(BUFFER_SIZE, end - position);
      const { bytesRead } = await file.read(buffer, 0, wanted, position);
      if (bytesRead > 0) await use(buffer.subarray(0, bytesRead));
      position += bytesRead;
      // A read that brought less than was asked for has found the end where the file was expected to have it.
      if (bytesRead === 0 || (bytesRead < wanted && position >= size)) return;
    }
  } finally {
    idle.push(buffer);
  }
}
