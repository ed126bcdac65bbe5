// Packs one installed package into a layer, in a file of the push's scratch directory.

import { join, relative } from "node:path";
import { type InstallDatabase, type Store, specsToRelocate } from "@spack-oci/spack-store";
import { type Compression, packPrefix } from "@spack-oci/spack-tarball";
import { type PackedLayer, spoolLayer } from "../layers/spool-layer.js";
import type { PushItem } from "./plan-push.js";

export interface PackOptions {
  /** Where the file goes. */
  readonly scratch: string;
  readonly spackPrefix: string | undefined;
  readonly compression?: Compression | undefined;
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
  return spoolLayer(tar, join(options.scratch, `${item.node.hash}.layer`), options);
}
