// Replaces pieces of a file by longer or shorter ones in place: the file keeps its inode, and so its hard links.

import { randomUUID } from "node:crypto";
import { posix } from "node:path";
import { fileSystemPath, type OpenFile, openFile, readThrough, unlink } from "@spack-oci/files";
import { type Splice, spliced } from "./splice-bytes.js";
import { writeFully } from "./write-fully.js";

const BUFFER_SIZE = 1024 * 1024;

/**
 * Rewrites a file through a scratch file beside it.
 *
 * @param path where `file` was opened
 * @param splices in ascending order and without overlap
 */
export async function spliceFile(file: OpenFile, path: string, splices: readonly Splice[]): Promise<void> {
  // Not the file's name with a suffix: the name may already have the maximum length.
  const scratchPath = fileSystemPath(posix.join(posix.dirname(path), `.spack-oci.${randomUUID()}.tmp`));
  const scratch = await openFile(scratchPath, "wx+", 0o600);
  try {
    const length = await copySpliced(file, splices, new BufferedWriter(scratch));
    let copied = 0;
    await readThrough(scratch, { size: length }, async (chunk) => {
      await writeFully(file, chunk, copied);
      copied += chunk.length;
    });
    await file.truncate(length);
  } finally {
    await scratch.close();
    await unlink(scratchPath);
  }
}

/**
 * Rewrites a file whose content is in memory.
 *
 * @param bytes the whole content of the file
 */
export async function spliceBytes(file: OpenFile, bytes: Buffer, splices: readonly Splice[]): Promise<void> {
  const start = splices[0]?.position ?? bytes.length;
  const shifted = splices.map((splice) => ({ ...splice, position: splice.position - start }));
  const end = spliced(bytes.subarray(start), shifted);
  await writeFully(file, end, start);
  await file.truncate(start + end.length);
}

/** @returns the number of bytes written */
async function copySpliced(
  file: OpenFile,
  splices: readonly Splice[],
  output: BufferedWriter,
): Promise<number> {
  const { size } = await file.stat();
  let next = 0;
  let start = 0;
  /** Where the next bytes begin that are kept. */
  let kept = 0;
  await readThrough(file, { size }, async (block) => {
    const end = start + block.length;
    for (let splice = splices[next]; splice !== undefined && splice.position < end; splice = splices[next]) {
      await output.write(block.subarray(kept - start, splice.position - start));
      await output.write(splice.bytes);
      kept = splice.position + splice.length;
      next += 1;
    }
    if (kept < end) {
      await output.write(block.subarray(kept - start));
      kept = end;
    }
    start = end;
  });
  return output.end();
}

/** Joins small writes to large ones. */
class BufferedWriter {
  readonly #file: OpenFile;
  readonly #buffer: Buffer = Buffer.allocUnsafeSlow(BUFFER_SIZE);
  #filled = 0;
  #written = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** @param bytes may change after this has returned */
  async write(bytes: Buffer): Promise<void> {
    for (let taken = 0; taken < bytes.length; ) {
      if (this.#filled === BUFFER_SIZE) await this.#flush();
      const count = bytes.copy(this.#buffer, this.#filled, taken);
      this.#filled += count;
      taken += count;
    }
  }

  /** @returns the total number of bytes written */
  async end(): Promise<number> {
    await this.#flush();
    return this.#written;
  }

  async #flush(): Promise<void> {
    await writeFully(this.#file, this.#buffer.subarray(0, this.#filled), this.#written);
    this.#written += this.#filled;
    this.#filled = 0;
  }
}
