// Packs one installed package into a layer, in a file of the push's scratch directory.

import { join, relative } from "node:path";
import { type Descriptor, mediaTypes } from "@spack-oci/oci-client";
import { type InstallDatabase, type Store, specsToRelocate } from "@spack-oci/spack-store";
import { packPrefix, spoolGzip } from "@spack-oci/spack-tarball";
import type { PushItem } from "./plan-push.js";

/** A layer that is packed and not yet uploaded. */
export interface PackedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: string;
  /** The file that holds it; whoever uploads it removes it. */
  readonly path: string;
}

export interface PackOptions {
  /** Where the file goes. */
  readonly scratch: string;
  readonly spackPrefix: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The file is complete when this returns; after an error the scratch directory may hold a part of it. */
export async function packPackage(
  store: Store,
  database: InstallDatabase,
  item: PushItem,
  options: PackOptions,
): Promise<PackedLayer> {
  const prefixOf = (hash: string) => database.records.get(hash)?.path;
  const known = specsToRelocate(database.graph, item.node).flatMap(({ hash }): [string, string][] => {
    const prefix = prefixOf(hash);
    return prefix === undefined || prefix === null ? [] : [[hash, prefix]];
  });
  const tar = packPrefix({
    prefix: item.prefix,
    sbangInstallPath: store.sbangPath,
    buildPath: store.root,
    spackPrefix: options.spackPrefix,
    relativePrefix: relative(store.root, item.prefix),
    hashToPrefix: new Map(known),
  });
  const layer = await spoolGzip(
    abortable(tar, options.signal),
    join(options.scratch, `${item.node.hash}.tar.gz`),
  );
  return {
    descriptor: { mediaType: mediaTypes.ociLayerGzip, digest: layer.digest, size: layer.size },
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
