// Packs one installed package into a layer: a small one in memory, any other in a file.

import { relative } from "node:path";
import { specsToRelocate } from "@spack-oci/spack-spec";
import {
  type Compression,
  DEFAULT_COMPRESSION,
  type PackRequest,
  packPrefix,
} from "@spack-oci/spack-tarball";
import pLimit, { type LimitFunction } from "p-limit";
import { packRelocatedPackage, type RelocatedPackage } from "../../install-tree/relocated-package.js";
import { holdLayer } from "../../layers/hold-layer.js";
import type { MemoryBudget } from "../../layers/memory-budget.js";
import type { PackedLayer } from "../../layers/packed-layer.js";
import { type SpoolOptions, spoolLayer } from "../../layers/spool-layer.js";
import type { PushItem } from "./plan-push.js";
import type { PushWork } from "./push-work.js";

/**
 * How many layers are written to files at once, however many packages are in flight: each takes about 13 MB, and three
 * times as much with zstd, whose blocks are longer. One thread reads and hashes all of them, so more would take no less
 * time.
 */
const packing: Record<Compression, LimitFunction> = { gzip: pLimit(4), zstd: pLimit(2) };

export interface PackOptions {
  /** The file to write if the package is not small; it does not exist yet. */
  readonly path: string;
  /** For small packages. */
  readonly budget: MemoryBudget;
  /** The package relocated to the buildcache's install tree; if undefined, it is packed as it is. */
  readonly relocated?: RelocatedPackage | undefined;
  readonly onWritten?: SpoolOptions["onWritten"];
}

/** If there is a file, it is complete when this returns; after an error it may hold a part of the layer. */
export async function packPackage(
  item: PushItem,
  work: PushWork,
  { relocated, path, budget, onWritten }: PackOptions,
): Promise<PackedLayer> {
  const { spackPrefix, compression } = work.request;
  const spool = { compression, onWritten, signal: work.run.signal };
  const pack = packing[compression ?? DEFAULT_COMPRESSION];
  if (relocated !== undefined) return pack(() => spoolLayer(packRelocatedPackage(relocated), path, spool));
  const request = { ...installedPackage(item, work), spackPrefix };
  const held = await holdLayer(request, { budget, compression });
  return held ?? pack(() => spoolLayer(packPrefix(request), path, spool));
}

/** What the layer of a package records about its installed prefix. */
export function installedPackage(
  { node, prefix }: PushItem,
  { store, database }: Pick<PushWork, "store" | "database">,
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
