// Brings one package into a staging directory: fetches, verifies, unpacks and relocates it.

import type { Target } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { Store } from "@spack-oci/spack-store";
import { type OnRefusal, relocatePrefix, relocationMap, unpackLayer } from "@spack-oci/spack-tarball";
import type { PackageStep } from "../../events/events.js";
import { readImageOf } from "../../package-image/read-image.js";
import { locationOf } from "../../reuse/location-of.js";
import type { PulledLayer } from "../../reuse/pulled-layer.js";
import type { PullItem } from "./plan-pull.js";
import { describeSpliced, newPrefixes } from "./spliced-package.js";

export interface FetchContext {
  readonly target: Target;
  readonly store: Store;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
  readonly onStep: (step: PackageStep, bytes?: number) => void;
  readonly onBytes: (count: number) => void;
  readonly onRefusal: OnRefusal;
  readonly signal?: AbortSignal | undefined;
}

/** Durations of the parts of a fetch. */
export interface FetchSeconds {
  readonly unpacking: number;
  readonly relocating: number;
}

/** What a fetch transferred, and its durations. */
export interface FetchedPackage {
  /** Size of the layer, compressed. */
  readonly bytes: number;
  readonly seconds: FetchSeconds;
  /** The layer that the package came from. */
  readonly origin: PulledLayer;
}

/** @param staging a directory that does not exist yet; after an error its content is undefined */
export async function fetchPackage(
  item: PullItem,
  staging: string,
  context: FetchContext,
): Promise<FetchedPackage> {
  const { target, signal } = context;
  const image = await readImageOf(target, item.builtFrom ?? item.node, signal);
  const began = performance.now();
  context.onStep("fetching", image.layer.descriptor.size);
  const layer = await target.fetch(image.layer.descriptor, { signal, onBytes: context.onBytes });
  const { buildInfo, memberPrefix } = await unpackLayer(layer, staging, context);
  const unpacked = performance.now();
  context.onStep("relocating");
  const map = relocationMap(buildInfo, {
    root: context.store.root,
    sbangInstallPath: context.store.sbangPath,
    prefixes: newPrefixes(item, context),
  });
  await relocatePrefix(staging, buildInfo, map);
  if (item.builtFrom !== undefined) await describeSpliced(staging, context.graph, item.node);
  const relocated = performance.now();
  return {
    bytes: image.layer.descriptor.size,
    seconds: { unpacking: (unpacked - began) / 1000, relocating: (relocated - unpacked) / 1000 },
    origin: {
      source: locationOf(target),
      ...image.layer,
      prefix: `/${memberPrefix}`,
      root: buildInfo.buildPath,
      sbangInstallPath: buildInfo.sbangInstallPath,
      hashToPrefix: Object.fromEntries(buildInfo.hashToPrefix),
    },
  };
}
