// Packs a small package into a layer in memory, so that it takes neither a file nor a wait for each of its files.

import { bodyOf } from "@spack-oci/oci-client";
import {
  type Compression,
  compressArchive,
  DEFAULT_COMPRESSION,
  type PackRequest,
  packAtOnce,
} from "@spack-oci/spack-tarball";
import type { MemoryBudget } from "./memory-budget.js";
import { layerDescriptor, type PackedLayer } from "./packed-layer.js";

/** Bytes in the files of a small package. Larger ones gain nothing, and hold up everything else while they are read. */
const MAX_FILES = 4 * 1024 * 1024;

/**
 * The most that a small package takes, with its headers and padding (`packAtOnce`) and a layer that cannot be
 * compressed.
 */
const MAX_HELD = 3 * MAX_FILES;

export interface HoldOptions {
  readonly budget: MemoryBudget;
  /** gzip by default. */
  readonly compression?: Compression | undefined;
}

/** @returns undefined if the package is not small, the file system is slow, or too much memory is taken */
export async function holdLayer(
  request: PackRequest,
  { budget, compression = DEFAULT_COMPRESSION }: HoldOptions,
): Promise<PackedLayer | undefined> {
  if (!budget.take(MAX_HELD)) return undefined;
  let kept = 0;
  try {
    const archive = packAtOnce(request, MAX_FILES);
    if (archive === undefined) return undefined;
    const { bytes, diffId, digest, size } = await compressArchive(archive, compression);
    kept = size;
    return {
      descriptor: layerDescriptor(compression, { digest, size }),
      diffId,
      body: bodyOf(bytes),
      discard: async () => budget.give(size),
    };
  } finally {
    budget.give(MAX_HELD - kept);
  }
}
