// Compresses an archive into a layer, in a file, so that it can be uploaded more than once.

import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { type Compression, DEFAULT_COMPRESSION, spoolArchive } from "@spack-oci/spack-tarball";
import { layerDescriptor, type PackedLayer } from "./packed-layer.js";

export interface SpoolOptions {
  /** gzip by default. */
  readonly compression?: Compression | undefined;
  /** Called with the number of bytes in the file as the layer is written. */
  readonly onWritten?: ((size: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The file is complete when this returns; after an error it may hold a part.
 *
 * @param path a file that does not exist yet
 */
export async function spoolLayer(
  tar: AsyncIterable<Buffer>,
  path: string,
  { compression = DEFAULT_COMPRESSION, onWritten, signal }: SpoolOptions = {},
): Promise<PackedLayer> {
  const layer = await spoolArchive(abortable(tar, signal), path, { compression, onWritten });
  return {
    descriptor: layerDescriptor(compression, layer),
    diffId: layer.diffId,
    body: () => createReadStream(path),
    discard: () => rm(path, { force: true }),
  };
}

async function* abortable(
  chunks: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}
