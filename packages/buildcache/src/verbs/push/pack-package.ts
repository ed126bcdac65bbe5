// Packs one installed package into a layer, in a file.

import { relative } from "node:path";
import { specsToRelocate } from "@spack-oci/spack-spec";
import type { InstallDatabase, Store } from "@spack-oci/spack-store";
import { type Compression, type PackRequest, packPrefix } from "@spack-oci/spack-tarball";
import { type CanonicalPackage, packCanonicalPackage } from "../../install-tree/canonical-package.js";
import { type PackedLayer, type SpoolOptions, spoolLayer } from "../../layers/spool-layer.js";
import type { PushItem } from "./plan-push.js";

export interface PackOptions {
  /** The file that it becomes, which does not exist yet. */
  readonly path: string;
  readonly spackPrefix: string | undefined;
  readonly compression?: Compression | undefined;
  /** The package as it is packed for the mirror's canonical tree; as it is without. */
  readonly canonical?: CanonicalPackage | undefined;
  readonly onWritten?: SpoolOptions["onWritten"];
  readonly signal?: AbortSignal | undefined;
}

/** The file is complete when this returns; after an error it may hold a part of the layer. */
export async function packPackage(
  store: Store,
  database: InstallDatabase,
  item: PushItem,
  options: PackOptions,
): Promise<PackedLayer> {
  const { canonical, spackPrefix, path } = options;
  const tar =
    canonical === undefined
      ? packPrefix({ ...installedPackage(store, database, item), spackPrefix })
      : packCanonicalPackage(canonical);
  return spoolLayer(tar, path, options);
}

/** What a layer says of a package where it is installed. */
export function installedPackage(
  store: Store,
  database: InstallDatabase,
  { node, prefix }: PushItem,
): Omit<PackRequest, "spackPrefix"> {
  const known = specsToRelocate(database.graph, node).flatMap(({ hash }): [string, string][] => {
    const place = database.records.get(hash)?.path;
    return place === undefined || place === null ? [] : [[hash, place]];
  });
  return {
    prefix,
    sbangInstallPath: store.sbangPath,
    buildPath: store.root,
    relativePrefix: relative(store.root, prefix),
    hashToPrefix: new Map(known),
  };
}
