// Writes zstd with the first encoder that is available: Node's zlib or the native zstd-napi.

import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import * as zlib from "node:zlib";
import { SpackOciError } from "@spack-oci/errors";
import { type Compressed, compressInBlocks, cutAtOnce, underWay } from "./compress-in-blocks.js";
import { nativeCompressor, type ZstdBinding } from "./native-zstd.js";

/** Measured on shared libraries: smaller than Spack's gzip, in a tenth of the time. */
const LEVEL = 3;

/** Bytes. Every block is a frame (RFC 8878, 3), as large as the window of level 3. */
const BLOCK_SIZE = 2 * 1024 * 1024;

/** Bytes of output for which memory is reserved at first: few blocks compress worse. */
const EXPECTED_SIZE = BLOCK_SIZE / 2;

/** Blocks are large; without a limit memory would grow with the number of processors. */
const MAX_AT_ONCE = 8;

type CompressFrame = (bytes: Buffer) => Compressed;

/**
 * A sequence of zstd frames. The output depends on the version of the library, but not on the number of processors.
 *
 * @throws SpackOciError `ERR_ZSTD_UNAVAILABLE` (`unsupported`) before anything is read, if there is no encoder
 */
export function zstdInBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const compress = compressor();
  const ahead = Math.min(availableParallelism(), MAX_AT_ONCE) + 1;
  return compressInBlocks(chunks, { blockSize: BLOCK_SIZE, ahead }, compress);
}

/** The same frames for an archive in memory. */
export function zstdAtOnce(chunks: readonly Buffer[]): Promise<Buffer[]> {
  const compress = compressor();
  const frames = cutAtOnce(chunks, BLOCK_SIZE).map(compress);
  return Promise.all(frames.map((frame) => frame()));
}

function compressor(): CompressFrame {
  const compress = nodeCompressor() ?? nativeZstd();
  if (compress !== undefined) return compress;
  throw new SpackOciError("ERR_ZSTD_UNAVAILABLE", "zstd compression is not available.", {
    kind: "unsupported",
    hint: "Use Node 22.15 or newer, install the package zstd-napi, or use gzip.",
  });
}

/** The additions to zlib in Node 22.15. */
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
  const options = { params: { [constants.ZSTD_c_compressionLevel]: LEVEL }, chunkSize: EXPECTED_SIZE };
  return (bytes) =>
    underWay(
      new Promise((resolve, reject) => {
        zstdCompress(bytes, options, (error, frame) => (error === null ? resolve(frame) : reject(error)));
      }),
    );
}

/** One for the process, because it limits the number of threads; `null` if zstd-napi is not available. */
let native: CompressFrame | null | undefined;

function nativeZstd(): CompressFrame | undefined {
  native ??= loadNativeZstd();
  return native ?? undefined;
}

function loadNativeZstd(): CompressFrame | null {
  try {
    return nativeCompressor(createRequire(import.meta.url)("zstd-napi/binding") as ZstdBinding, LEVEL);
  } catch {
    // It is optional and compiled during installation; the caller reports what to do without it.
    return null;
  }
}
