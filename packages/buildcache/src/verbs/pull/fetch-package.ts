// Fetches the layer of one package: a small one into memory, until the packages that it needs are in place; a large one
// into a staging directory, written as it arrives.

import { isSpackOciError } from "@spack-oci/errors";
import { type Descriptor, fetchWhole } from "@spack-oci/oci-client";
import { type PackagePermissions, removeTree } from "@spack-oci/spack-store";
import { type Allowance, type LayerArchive, type OnRefusal, openArchive } from "@spack-oci/spack-tarball";
import type { PackageStep } from "../../events/events.js";
import type { MemoryBudget } from "../../layers/memory-budget.js";
import { inspectPackageManifest, readLayerOf, verifyManifest } from "../../package-image/read-image.js";
import { packageTag } from "../../package-image/tags.js";
import type { ExpectedLayer } from "../../prefix-writing/expected-layer.js";
import type { KnownPackage } from "../../prefix-writing/known-package.js";
import type { RelocationPlan } from "../../prefix-writing/relocation-plan.js";
import { type StageContext, type StagedPackage, stagePackage } from "../../prefix-writing/stage-package.js";
import { readLayerEnd } from "../../provenance/read-layer-end.js";
import type { VerifiedTarget } from "../../trust/image-verifier.js";
import { stageInThread } from "../../workers/stage-in-thread.js";
import type { WorkerThreads } from "../../workers/worker-threads.js";
import type { PullItem } from "./plan-pull.js";

export interface FetchContext {
  readonly target: VerifiedTarget;
  /** For layers that wait for the dependencies of their packages. */
  readonly budget: MemoryBudget;
  /** For layers that do not wait. */
  readonly allowance: Allowance;
  /** For what is remembered of their files. */
  readonly remembered: Allowance;
  /** For layers that do not wait, if one is free. */
  readonly threads: WorkerThreads;
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
  readonly expected: ExpectedLayer;
}

export type FetchedContent = HeldLayer | StagedPackage;

export interface FetchedPackage {
  readonly descriptor: Descriptor;
  readonly content: FetchedContent;
}

/**
 * The config of the image is read along with its layer, and what it says is compared with the content of the layer before
 * anything of the package is at its prefix.
 *
 * @param staging a directory that does not exist yet; after an error its content is undefined
 * @throws SpackOciError as `readLayerOf` and `stagePackage` do
 */
export async function fetchPackage(
  item: PullItem,
  staging: string,
  context: FetchContext,
): Promise<FetchedPackage> {
  const { target, budget, onStep, signal } = context;
  const node = item.builtFrom ?? item.node;
  const manifest = await inspectPackageManifest(target, packageTag(node), signal);
  // Meanwhile, a small layer is fetched into memory. Nothing is unpacked before this has succeeded.
  const verified = verifyManifest(target, manifest, signal);
  verified.catch(() => {}); // it is awaited below
  const readExpected = async (): Promise<ExpectedLayer> => {
    const { diffId } = await readLayerOf(target, node, { manifest, signal });
    return { hash: node.hash, diffId, place: `${target.name}:${manifest.tag}` };
  };
  const descriptor = manifest.layer;
  const began = performance.now();
  onStep("fetching", descriptor.size);
  if (!budget.take(descriptor.size)) {
    context.threads.warmUp();
    await verified;
    const expected = await readExpected();
    return { descriptor, content: await stageLayer(descriptor, staging, { context, expected }) };
  }
  try {
    const [expected, bytes] = await bothOf(readExpected(), hold(descriptor, context));
    const seconds = (performance.now() - began) / 1000;
    await verified;
    return { descriptor, content: { kind: "held", bytes, seconds, expected } };
  } catch (error) {
    budget.give(descriptor.size);
    // What an image that nobody vouches for lacks is not worth a message.
    await verified;
    throw error;
  }
}

/** Waits for both even if one fails, so that nothing is under way afterwards. */
async function bothOf<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

function hold(layer: Descriptor, { target, onBytes, signal }: FetchContext): Promise<Buffer> {
  return fetchWhole(target, layer, { signal, onBytes });
}

/** Asks for the end of the layer first, because it says how the files before it change. */
async function stageLayer(
  layer: Descriptor,
  staging: string,
  { context, expected }: { readonly context: FetchContext; readonly expected: ExpectedLayer },
): Promise<StagedPackage> {
  const { target, onStep, onBytes, signal } = context;
  const stage = async (known: KnownPackage | undefined) => {
    const archive = openArchive(await target.fetch(layer, { signal, onBytes }), context.allowance);
    const stagingContext = { ...context, known, expected, onUnpacked: () => onStep("relocating") };
    return (
      (await stageElsewhere(archive, staging, stagingContext)) ??
      stagePackage(archive, staging, stagingContext)
    );
  };
  try {
    return await stage(await readLayerEnd(target, layer, signal));
  } catch (error) {
    if (!isSpackOciError(error) || error.code !== "ERR_LAYER_END") throw error;
    // The layer itself is intact.
    await removeTree(staging);
    return stage(undefined);
  }
}

/** Bytes that a thread may hold of a package: for its files, and for what is remembered of them. */
const THREAD_MEMORY = { allowance: 12 * 1024 * 1024, remembered: 4 * 1024 * 1024 };

/** Stages a package in another thread. @returns undefined if none is free, or if that much memory is not */
async function stageElsewhere(
  archive: LayerArchive,
  staging: string,
  context: StageContext & Pick<FetchContext, "threads">,
): Promise<StagedPackage | undefined> {
  const { threads, allowance, plan, permissions, dropsRpaths, known, expected } = context;
  const memory = THREAD_MEMORY.allowance + THREAD_MEMORY.remembered;
  if (!threads.hasFree || !allowance.take(memory)) return undefined;
  try {
    const staged = await stageInThread(threads, archive, {
      ...context,
      task: { staging, plan, permissions, dropsRpaths, known, expected, ...THREAD_MEMORY },
      place: expected.place,
    });
    const forget = () => {
      staged.forget();
      allowance.give(memory);
    };
    return { ...staged, forget };
  } catch (error) {
    allowance.give(memory);
    throw error;
  }
}
