// Writes zstd with what there is on this machine: Node's own zlib, else the native zstd-napi.

import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import * as zlib from "node:zlib";
import { SpackOciError } from "@spack-oci/errors";
import { type Compressed, compressInBlocks, underWay } from "./compress-in-blocks.js";
import { nativeCompressor, type ZstdBinding } from "./native-zstd.js";

/** By measurement on shared libraries: smaller than Spack's gzip, in a tenth of the time. */
const LEVEL = 3;

/** Every block is a frame of its own (RFC 8878, 3), as large as the window that level 3 looks back in. */
const BLOCK_SIZE = 2 * 1024 * 1024;

/** Blocks are large: with more of them at once memory would grow with the number of processors. */
const MAX_AT_ONCE = 8;

type CompressFrame = (bytes: Buffer) => Compressed;

/**
 * Frames of zstd. Which bytes they are depends on the library's version, but not on the number of processors.
 *
 * @throws SpackOciError `ERR_ZSTD_UNAVAILABLE` (`unsupported`) where nothing here writes zstd, before anything is read
 */
export function zstdInBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const compress = compressor();
  const ahead = Math.min(availableParallelism(), MAX_AT_ONCE) + 1;
  return compressInBlocks(chunks, { blockSize: BLOCK_SIZE, ahead }, ({ bytes }) => compress(bytes));
}

function compressor(): CompressFrame {
  const compress = nodeCompressor() ?? nativeZstd();
  if (compress !== undefined) return compress;
  throw new SpackOciError("ERR_ZSTD_UNAVAILABLE", "Nothing on this machine writes zstd.", {
    kind: "unsupported",
    hint: "Use Node 22.15 or newer, install the package zstd-napi, or write gzip.",
  });
}

/** What zlib offers in Node 22.15 and newer. */
interface ZlibWithZstd {
  readonly zstdCompress?: (
    bytes: Buffer,
    options: { readonly params: Record<number, number>; readonly chunkSize: number },
    done: (error: Error | null, frame: Buffer) => void,
  ) => void;
  readonly constants: { readonly ZSTD_c_compressionLevel: number };
}

function nodeCompressor(): CompressFrame | undefined {
  const { zstdCompress, constants } = zlib as unknown as ZlibWithZstd;
  if (zstdCompress === undefined) return undefined;
  const options = { params: { [constants.ZSTD_c_compressionLevel]: LEVEL }, chunkSize: BLOCK_SIZE };
  return (bytes) =>
    underWay(
      new Promise((resolve, reject) => {
        zstdCompress(bytes, options, (error, frame) => (error === null ? resolve(frame) : reject(error)));
      }),
    );
}

/** One for the process, which has only so many threads for it; `null` where there is none. */
let native: CompressFrame | null | undefined;

function nativeZstd(): CompressFrame | undefined {
  native ??= loadNativeZstd();
  return native ?? undefined;
}

function loadNativeZstd(): CompressFrame | null {
  try {
    return nativeCompressor(createRequire(import.meta.url)("zstd-napi/binding") as ZstdBinding, LEVEL);
  } catch {
    // Optional and compiled on the machine: where it is absent or not built, the caller says what to do.
    return null;
  }
}
