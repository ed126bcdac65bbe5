// Compresses the blocks of a stream in parallel, and hands them on in order.

import { ENTRY_POINT } from "../tar/archive-chunks.js";

/** A part of the stream. */
export interface Block {
  readonly bytes: Buffer;
  readonly isLast: boolean;
  /** Whether it must be readable without the previous block. */
  readonly isEntry: boolean;
}

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
  compress: (block: Block) => Compressed,
): AsyncGenerator<Buffer, void, undefined> {
  const memory = new BlockMemory(blockSize);
  const waiting: [Compressed, Block][] = [];
  const next = async () => {
    const [compressed, { bytes }] = waiting.shift() as [Compressed, Block];
    const output = await compressed();
    memory.giveBack(bytes);
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
  #previous: Buffer | undefined;

  constructor(size: number) {
    this.size = size;
  }

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Takes back a block that is compressed, in order. The next one may still borrow from it. */
  giveBack(bytes: Buffer): void {
    if (this.#previous !== undefined) this.#free.push(this.#previous);
    this.#previous = Buffer.from(bytes.buffer, 0, this.size);
  }
}

/** Blocks have the size of the memory except before an entry point and at the end. An empty stream is one empty block. */
async function* cutIntoBlocks(
  chunks: AsyncIterable<Buffer>,
  memory: BlockMemory,
): AsyncGenerator<Block, void, undefined> {
  const { size } = memory;
  let block = memory.take();
  let filled = 0;
  let isEntry = false;
  const take = (isLast: boolean): Block => {
    const taken = { bytes: block.subarray(0, filled), isLast, isEntry };
    if (!isLast) block = memory.take();
    filled = 0;
    isEntry = false;
    return taken;
  };
  for await (const chunk of chunks) {
    if (chunk === ENTRY_POINT) {
      if (filled > 0) yield take(false);
      isEntry = true;
    }
    for (let taken = 0; taken < chunk.length; ) {
      if (filled === size) yield take(false);
      const count = chunk.copy(block, filled, taken);
      filled += count;
      taken += count;
    }
  }
  yield take(true);
}

/** The blocks of a stream that is in memory, without copying. */
export function cutAtOnce(chunks: readonly Buffer[], size: number): Block[] {
  const blocks: Omit<Block, "isLast">[] = [];
  let isEntry = false;
  for (const chunk of chunks) {
    if (chunk === ENTRY_POINT) isEntry = true;
    for (let start = 0; start < chunk.length; start += size) {
      blocks.push({ bytes: chunk.subarray(start, start + size), isEntry });
      isEntry = false;
    }
  }
  return blocks.map((block, index) => ({ ...block, isLast: index === blocks.length - 1 }));
}
