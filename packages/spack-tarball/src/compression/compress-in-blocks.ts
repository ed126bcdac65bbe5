// Compresses the blocks of a stream in parallel, and hands them on in order.

import { ENTRY_POINT } from "../tar/archive-chunks.js";

/** How a stream is cut into blocks. */
export interface BlockOptions {
  /** In bytes. Must not depend on the number of threads. */
  readonly blockSize: number;
  /** How many blocks are compressed at once, at least 1; each holds its bytes and its output. */
  readonly ahead: number;
}

/** Waits for the output of a block that is being compressed. */
export type Compressed = () => Promise<Buffer>;

/** For output that arrives by itself. An error before anybody waits for it, or when nobody does, is not unhandled. */
export function underWay(compressed: Promise<Buffer>): Compressed {
  compressed.catch(() => undefined);
  return () => compressed;
}

/**
 * The compressed blocks, one buffer for each.
 *
 * @param compress starts one block after another; the functions that it returns are called in the same order
 */
export async function* compressInBlocks(
  chunks: AsyncIterable<Buffer>,
  { blockSize, ahead }: BlockOptions,
  compress: (block: Buffer) => Compressed,
): AsyncGenerator<Buffer, void, undefined> {
  const memory = new BlockMemory(blockSize);
  const waiting: [Compressed, Buffer][] = [];
  const next = async () => {
    const [compressed, block] = waiting.shift() as [Compressed, Buffer];
    const output = await compressed();
    memory.giveBack(block);
    return output;
  };
  try {
    for await (const block of cutIntoBlocks(chunks, memory)) {
      waiting.push([compress(block), block]);
      while (waiting.length >= ahead) yield await next();
    }
    while (waiting.length > 0) yield await next();
  } finally {
    // Their output is not needed any more, but the compressor is busy until they are done.
    await Promise.allSettled(waiting.map(([compressed]) => compressed()));
  }
}

/** The memory of blocks, which is used again: new memory takes longer to get than to fill. */
class BlockMemory {
  readonly size: number;
  readonly #free: Buffer[] = [];

  constructor(size: number) {
    this.size = size;
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Takes back a block that is compressed. */
  giveBack(block: Buffer): void {
    this.#free.push(Buffer.from(block.buffer, 0, this.size));
  }
}

/**
 * Blocks have the size of the memory except before an entry point and at the end. An empty stream is one empty block.
 */
async function* cutIntoBlocks(
  chunks: AsyncIterable<Buffer>,
  memory: BlockMemory,
): AsyncGenerator<Buffer, void, undefined> {
  const { size } = memory;
  let block = memory.take();
  let filled = 0;
  const take = (): Buffer => {
    const taken = block.subarray(0, filled);
    block = memory.take();
    filled = 0;
    return taken;
  };
  let isEmpty = true;
  for await (const chunk of chunks) {
    if (chunk === ENTRY_POINT && filled > 0) yield take();
    for (let taken = 0; taken < chunk.length; ) {
      if (filled === size) yield take();
      const count = chunk.copy(block, filled, taken);
      filled += count;
      taken += count;
      isEmpty = false;
    }
  }
  if (filled > 0 || isEmpty) yield block.subarray(0, filled);
}

/** The blocks of a stream that is in memory, without copying. */
export function cutAtOnce(chunks: readonly Buffer[], size: number): Buffer[] {
  const blocks: Buffer[] = [];
  for (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += size) blocks.push(chunk.subarray(start, start + size));
  }
  return blocks.length === 0 ? [Buffer.alloc(0)] : blocks;
}
