// Replaces pieces of a file by longer or shorter ones, in place: the file keeps its inode and so its hard links.

import { fileSystemPath, type OpenFile, openFile, unlink } from "@spack-oci/files";
import { readExactly } from "./read-exactly.js";
import { writeFully } from "./write-fully.js";

/** One piece: `length` bytes at `position` become `bytes`. */
export interface Splice {
  readonly position: number;
  readonly length: number;
  readonly bytes: Buffer;
}

const COPY_SIZE = 1024 * 1024;

/**
 * Rewrites a file through a scratch file beside it.
 *
 * @param path where `file` was opened
 * @param splices in ascending order and without overlap
 */
export async function spliceFile(file: OpenFile, path: string, splices: readonly Splice[]): Promise<void> {
  const { size } = await file.stat();
  const scratchPath = fileSystemPath(`${path}.spack-oci-scratch`);
  const scratch = await openFile(scratchPath, "wx+", 0o600);
  try {
    const length = await writeAll(scratch, splicedBytes(file, size, splices));
    await writeAll(file, range(scratch, 0, length));
    await file.truncate(length);
  } finally {
    await scratch.close();
    await unlink(scratchPath);
  }
}

/**
 * The same for a file that is in memory.
 *
 * @param bytes all that the file has
 */
export async function spliceBytes(file: OpenFile, bytes: Buffer, splices: readonly Splice[]): Promise<void> {
  const start = splices[0]?.position ?? bytes.length;
  const parts: Buffer[] = [];
  let kept = start;
  for (const splice of splices) {
    parts.push(bytes.subarray(kept, splice.position), splice.bytes);
    kept = splice.position + splice.length;
  }
  const end = Buffer.concat([...parts, bytes.subarray(kept)]);
  await writeFully(file, end, start);
  await file.truncate(start + end.length);
}

/** In large pieces, however many splices there are. */
async function* splicedBytes(
  file: OpenFile,
  size: number,
  splices: readonly Splice[],
): AsyncGenerator<Buffer, void, undefined> {
  let next = 0;
  let start = 0;
  /** Where the bytes go on that are kept. */
  let kept = 0;
  for await (const block of range(file, 0, size)) {
    const end = start + block.length;
    const parts: Buffer[] = [];
    for (let splice = splices[next]; splice !== undefined && splice.position < end; splice = splices[next]) {
      parts.push(block.subarray(kept - start, splice.position - start), splice.bytes);
      kept = splice.position + splice.length;
      next += 1;
    }
    if (kept < end) {
      parts.push(block.subarray(kept - start));
      kept = end;
    }
    yield Buffer.concat(parts);
    start = end;
  }
}

async function* range(file: OpenFile, from: number, to: number): AsyncGenerator<Buffer, void, undefined> {
  for (let position = from; position < to; position += COPY_SIZE) {
    const bytes = await readExactly(file, position, Math.min(COPY_SIZE, to - position));
    if (bytes === undefined) throw new Error("the file shrank while it was rewritten");
    yield bytes;
  }
}

async function writeAll(file: OpenFile, parts: AsyncIterable<Buffer>): Promise<number> {
  let length = 0;
  for await (const part of parts) {
    await writeFully(file, part, length);
    length += part.length;
  }
  return length;
}
