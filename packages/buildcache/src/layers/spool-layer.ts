// Compresses an archive into a layer, in a file from which it can be uploaded more than once.

import { type Descriptor, MEDIA_TYPES } from "@spack-oci/oci-client";
import { type Compression, spoolArchive } from "@spack-oci/spack-tarball";

/** A layer that is packed and not yet uploaded. */
export interface PackedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  /** The file that holds it; whoever uploads it removes it. */
  readonly path: string;
}

export interface SpoolOptions {
  /** gzip by default. */
  readonly compression?: Compression | undefined;
  /** Told how many bytes of the layer are in the file already, while more are being written. */
  readonly onWritten?: ((size: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const LAYER_TYPES: Record<Compression, string> = {
  gzip: MEDIA_TYPES.ociLayerGzip,
  zstd: MEDIA_TYPES.ociLayerZstd,
};

/**
 * The file is complete when this returns; after an error there may be a part of it.
 *
 * @param path a file that does not exist yet
 */
export async function spoolLayer(
  tar: AsyncIterable<Buffer>,
  path: string,
  { compression = "gzip", onWritten, signal }: SpoolOptions = {},
): Promise<PackedLayer> {
  const layer = await spoolArchive(abortable(tar, signal), path, compression, onWritten);
  return {
    descriptor: { mediaType: LAYER_TYPES[compression], digest: layer.digest, size: layer.size },
    diffId: layer.diffId,
    path: layer.path,
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
