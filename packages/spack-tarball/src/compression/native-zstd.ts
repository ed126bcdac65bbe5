// Compresses with zstd-napi beside Node's own thread: its calls wait for zstd, but zstd has threads too.

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

/** Contexts without a frame under way, for the next one: they are dear to make. */
const idle: CompressionContext[] = [];

/**
 * Begins a frame for each block. Zstd takes the block and goes on in a thread of its own, because it is given no room for
 * what comes of it; whoever waits gives it that. A frame of up to 512 KiB is compressed at once instead (zstd:
 * `ZSTDMT_JOBSIZE_MIN`). The bytes do not depend on who waits when.
 */
export function nativeCompressor(binding: ZstdBinding, level: number): (bytes: Buffer) => Compressed {
  const { end } = binding.EndDirective;
  return (bytes) => {
    const context = idle.pop() ?? createContext(binding, level);
    let [left, , taken] = context.compressStream2(NOTHING, bytes, end);
    return async () => {
      const target = roomFor(binding.compressBound(bytes.length));
      let length = 0;
      while (left > 0) {
        const [more, written, read] = context.compressStream2(
          target.subarray(length),
          bytes.subarray(taken),
          end,
        );
        length += written;
        taken += read;
        left = more;
      }
      idle.push(context);
      return Buffer.from(target.subarray(0, length));
    };
  };
}

/** Where frames are written, one after the other, before they are copied: most need much less than they might. */
let room = Buffer.alloc(0);

function roomFor(length: number): Buffer {
  if (room.length < length) room = Buffer.allocUnsafe(length);
  return room;
}

function createContext(binding: ZstdBinding, level: number): CompressionContext {
  const context = new binding.CCtx();
  context.setParameter(binding.CParameter.compressionLevel, level);
  context.setParameter(binding.CParameter.nbWorkers, 1);
  return context;
}
