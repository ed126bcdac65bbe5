// Fetches the layer of one package: a small one into memory, until the packages that it needs are in place; a large one
// into a staging directory, written as it arrives.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "@spack-oci/oci-client";
import { type PackagePermissions, removeTree } from "@spack-oci/spack-store";
import type { Allowance, OnRefusal } from "@spack-oci/spack-tarball";
import type { PackageStep } from "../../events/events.js";
import type { MemoryBudget } from "../../layers/memory-budget.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import { completeImageOf, inspectPackageManifest, verifyManifest } from "../../package-image/read-image.js";
import { packageTag } from "../../package-image/tags.js";
import type { KnownPackage } from "../../prefix-writing/known-package.js";
import type { RelocationPlan } from "../../prefix-writing/relocation-plan.js";
import { type StagedPackage, stagePackage } from "../../prefix-writing/stage-package.js";
import { readLayerEnd } from "../../provenance/read-layer-end.js";
import type { VerifiedTarget } from "../../trust/image-verifier.js";
import type { PullItem } from "./plan-pull.js";

export interface FetchContext {
  readonly target: VerifiedTarget;
  /** For layers that wait for the dependencies of their packages. */
  readonly budget: MemoryBudget;
  /** For layers that do not wait. */
  readonly allowance: Allowance;
  readonly plan: RelocationPlan;
  readonly permissions: PackagePermissions;
  /** Whether run paths that do not exist will be dropped. */
  readonly dropsRpaths: boolean;
  readonly onStep: (step: PackageStep, bytes?: number) => void;
  readonly onBytes: (count: number) => void;
  readonly onRefusal: OnRefusal;
  readonly onIdentitiesLost: (files: readonly string[]) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A layer in memory; its digest is verified. */
export interface HeldLayer {
  readonly kind: "held";
  readonly bytes: Buffer;
  /** How long fetching took. */
  readonly seconds: number;
  /** Verifies that the image is the package's, by its config. Reading the layer does so as well. */
  readonly readConfig: () => Promise<PackageLayer>;
}

/** A layer that is unpacked, from an image that is verified. */
export interface UnpackedLayer extends StagedPackage {
  readonly diffId: string;
}

export type FetchedContent = HeldLayer | UnpackedLayer;

export interface FetchedPackage {
  readonly descriptor: Descriptor;
  readonly content: FetchedContent;
}

/** @param staging a directory that does not exist yet; after an error its content is undefined */
export async function fetchPackage(
  item: PullItem,
  staging: string,
  context: FetchContext,
): Promise<FetchedPackage> {
  const { target, budget, onStep, onBytes, signal } = context;
  const node = item.builtFrom ?? item.node;
  const manifest = await inspectPackageManifest(target, packageTag(node), signal);
  // Meanwhile, a small layer is fetched into memory. Nothing is unpacked before this has succeeded.
  const verified = verifyManifest(target, manifest, signal);
  verified.catch(() => {}); // it is awaited below
  const readConfig = async () => (await completeImageOf(target, node, { manifest, signal })).layer;
  const descriptor = manifest.layer;
  const began = performance.now();
  onStep("fetching", descriptor.size);
  if (!budget.take(descriptor.size)) {
    await verified;
    const { diffId } = await readConfig();
    return { descriptor, content: { ...(await stageLayer(descriptor, staging, context)), diffId } };
  }
  try {
    const bytes = await collected(await target.fetch(descriptor, { signal, onBytes }));
    const seconds = (performance.now() - began) / 1000;
    await verified;
    return { descriptor, content: { kind: "held", bytes, seconds, readConfig } };
  } catch (error) {
    budget.give(descriptor.size);
    throw error;
  }
}

/** Asks for the end of the layer first, because it says how the files before it change. */
async function stageLayer(layer: Descriptor, staging: string, context: FetchContext): Promise<StagedPackage> {
  const { target, onStep, onBytes, signal } = context;
  const stage = async (known: KnownPackage | undefined) =>
    stagePackage(await target.fetch(layer, { signal, onBytes }), staging, {
      ...context,
      known,
      onUnpacked: () => onStep("relocating"),
    });
  try {
    return await stage(await readLayerEnd(target, layer, signal));
  } catch (error) {
    if (!isSpackOciError(error) || error.code !== "ERR_LAYER_END") throw error;
    // The layer itself is intact.
    await removeTree(staging);
    return stage(undefined);
  }
}

async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
