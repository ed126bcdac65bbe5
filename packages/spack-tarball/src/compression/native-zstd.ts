// Compresses with zstd-napi beside Node's own thread: its calls wait for zstd, but zstd has threads too.

import { availableParallelism } from "node:os";
import type { Compressed } from "./compress-in-blocks.js";

/** What is used of `zstd-napi/binding`. */
export interface ZstdBinding {
  readonly CCtx: new () => CompressionContext;
  readonly CParameter: { readonly compressionLevel: number; readonly nbWorkers: number };
  readonly EndDirective: { readonly end: number };
  compressBound(length: number): number;
}

/** A `ZSTD_CCtx` of zstd's own interface. */
interface CompressionContext {
  setParameter(parameter: number, value: number): void;
  /** @returns the bytes that are still to come (at least 1 if there are any), those written, and those read */
  compressStream2(target: Uint8Array, source: Uint8Array, directive: number): [number, number, number];
}

const NOTHING = Buffer.alloc(0);

/** Of zstd's contexts, each with a thread: one for each processor, and one that is ready when a processor becomes free. */
const MAX_AT_ONCE = availableParallelism() + 1;

/**
 * Begins a frame for each block. Zstd takes the block and goes on in a thread of its own, because it is given no room for
 * what comes of it; whoever waits gives it that. Where enough are under way, a block is compressed when it is waited for,
 * and so is most of one of up to 512 KiB, for which zstd has no threads (`ZSTDMT_JOBSIZE_MIN`). The bytes do not depend on
 * any of that.
 */
export function nativeCompressor(binding: ZstdBinding, level: number): (bytes: Buffer) => Compressed {
  const idle = Array.from({ length: MAX_AT_ONCE }, () => new LazyContext(binding, level));
  /** For blocks that are compressed from beginning to end without anybody between. */
  const spare = new LazyContext(binding, level);
  return (bytes) => {
    const context = idle.at(-1);
    if (context === undefined) return async () => spare.begin(bytes).end();
    const frame = context.begin(bytes);
    idle.pop();
    return async () => {
      try {
        return frame.end();
      } finally {
        idle.push(context);
      }
    };
  };
}

/** A context that is made with its first frame, and made anew after one that failed. */
class LazyContext {
  readonly #binding: ZstdBinding;
  readonly #level: number;
  #context: CompressionContext | undefined;

  constructor(binding: ZstdBinding, level: number) {
    this.#binding = binding;
    this.#level = level;
  }

  /** Begins a frame; the one before has ended. */
  begin(bytes: Buffer): { end(): Buffer } {
    const { EndDirective, compressBound } = this.#binding;
    const context = this.#context ?? this.#create();
    this.#context = undefined;
    let [left, , taken] = context.compressStream2(NOTHING, bytes, EndDirective.end);
    return {
      end: () => {
        const room = roomFor(compressBound(bytes.length));
        let length = 0;
        while (left > 0) {
          const rest = bytes.subarray(taken);
          const [more, written, read] = context.compressStream2(
            room.subarray(length),
            rest,
            EndDirective.end,
          );
          length += written;
          taken += read;
          left = more;
        }
        this.#context = context;
        return Buffer.from(room.subarray(0, length));
      },
    };
  }

  #create(): CompressionContext {
    const context = new this.#binding.CCtx();
    context.setParameter(this.#binding.CParameter.compressionLevel, this.#level);
    context.setParameter(this.#binding.CParameter.nbWorkers, 1);
    return context;
  }
}

/** Where frames are written, one after the other, before they are copied: most need much less than they might. */
let room = Buffer.alloc(0);

function roomFor(length: number): Buffer {
  if (room.length < length) room = Buffer.allocUnsafe(length);
  return room;
}
