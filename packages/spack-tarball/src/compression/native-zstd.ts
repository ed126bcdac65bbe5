// Compresses with zstd-napi without blocking Node's main thread: its calls are synchronous, but zstd has threads of its
// own.

import { availableParallelism } from "node:os";
import type { Compressed } from "./compress-in-blocks.js";

/** The part of `zstd-napi/binding` that is used. */
export interface ZstdBinding {
  readonly CCtx: new () => CompressionContext;
  readonly CParameter: { readonly compressionLevel: number; readonly nbWorkers: number };
  readonly EndDirective: { readonly end: number };
  compressBound(length: number): number;
}

/** A `ZSTD_CCtx` of zstd's C API. */
interface CompressionContext {
  setParameter(parameter: number, value: number): void;
  /** @returns a lower bound of the bytes that remain (0 at the end), the bytes written and the bytes read */
  compressStream2(target: Uint8Array, source: Uint8Array, directive: number): [number, number, number];
}

const NOTHING = Buffer.alloc(0);

/** Contexts, each with a thread: one for each processor, and one that is ready when a processor becomes free. */
const MAX_AT_ONCE = availableParallelism() + 1;

/**
 * Starts a frame for each block. zstd takes the block and continues in its own thread, because it gets no room for
 * output until somebody waits for the frame. If enough frames are in progress, a block is compressed when it is waited
 * for. So is most of a block of up to 512 KiB, for which zstd uses no thread (`ZSTDMT_JOBSIZE_MIN`). None of this
 * changes the output.
 */
export function nativeCompressor(binding: ZstdBinding, level: number): (bytes: Buffer) => Compressed {
  const idle = Array.from({ length: MAX_AT_ONCE }, () => new LazyContext(binding, level));
  /** For blocks that are compressed in one go. */
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

/** A context that is created with its first frame, and again after a frame that failed. */
class LazyContext {
  readonly #binding: ZstdBinding;
  readonly #level: number;
  #context: CompressionContext | undefined;

  constructor(binding: ZstdBinding, level: number) {
    this.#binding = binding;
    this.#level = level;
  }

  /** Starts a frame; the previous one has ended. */
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

/** Where frames are written before they are copied, one at a time: most need much less room than the bound. */
let room = Buffer.alloc(0);

function roomFor(length: number): Buffer {
  if (room.length < length) room = Buffer.allocUnsafe(length);
  return room;
}
