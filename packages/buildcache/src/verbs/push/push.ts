// The verb push: installed packages become images of a buildcache.
//
// planRequest -> readBaseImages -> findOriginals -> examinePush -> agreeOnTree -> copyBaseLayers -> PushRun (sendLayer -> putPackageImage)
//   -> tagRoots -> mergeIndex

import type { TagLister, Target } from "@spack-oci/oci-client";
import { readInstallDatabase, type Store } from "@spack-oci/spack-store";
import { type BaseImages, copyBaseLayers, readBaseImages } from "../../base-image/prepare-base-images.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { describePackage } from "../../events/events.js";
import { type Failed, orFailed } from "../../failures/failure.js";
import { canonicalTree } from "../../install-tree/canonical-tree.js";
import { agreeOnTree, annotateTree, settleTree } from "../../install-tree/settle-tree.js";
import { withScratch } from "../../layers/scratch.js";
import { KnownLayers } from "../../package-image/known-layers.js";
import type { RunnableImage } from "../../package-image/pushed-image.js";
import { ensureImageTag, packageTag } from "../../package-image/tags.js";
import { allTagsIfAny } from "../../package-index/all-tags.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import { packageTags } from "../../package-index/scan-tags.js";
import { readExistingImage } from "../../recipe-env/read-existing-image.js";
import { findOriginals, type OriginalLayer } from "../../reuse/find-originals.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { askEnvironments } from "./ask-environments.js";
import { type CanonicalPush, examinePush } from "./canonical-push.js";
import { imageEnvironments } from "./image-environments.js";
import type { PushPlan } from "./plan-push.js";
import { planRequest } from "./plan-request.js";
import type { PushOptions } from "./push-options.js";
import { PushRun } from "./push-run.js";
import type { PushWork } from "./push-work.js";
import { tagRoots } from "./tag-roots.js";

export interface PushResult {
  readonly plan: PushPlan;
  /** The install tree that packages are relocated to, and what cannot be; undefined where packages are pushed as they are. */
  readonly canonical: Pick<CanonicalPush, "tree" | "refused" | "unrelocatable"> | undefined;
  /** Packages that are as they came from a buildcache, by DAG hash: their layers are pushed as they were. */
  readonly originals: ReadonlyMap<string, OriginalLayer>;
  /** One for each package that was to be pushed; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  /** The images that were pushed, in the order of the plan. */
  readonly images: readonly RunnableImage[];
  /** The image of all packages that were named, or why it could not be made; undefined where it was not asked for. */
  readonly tagged: RunnableImage | Failed | undefined;
  /**
   * The index, or why it could not be written; undefined where it was not asked for, or nothing new is there. It is written
   * too where the mirror gets its canonical install tree.
   */
  readonly index: MergeIndexResult | Failed | undefined;
}

/**
 * Pushes the installed packages that a request names, with what they need.
 *
 * A base image is looked at before anything is written, and its layers are there before any package is packed.
 * Blobs are sent before the images that refer to them, so that a tag is never incomplete. A package that fails does not
 * stop the others; those that run with it are skipped, and the next push makes up for them.
 *
 * @throws SpackOciError where the tag is none, the store cannot be read, a spec names nothing, the base image does not do, or the buildcache does not answer
 */
export async function push(
  store: Store,
  target: Target & TagLister,
  scheduler: Scheduler,
  request: SpecRequest,
  options: PushOptions = {},
): Promise<PushResult> {
  const { signal, listener, rememberedTree } = options;
  if (options.tag !== undefined) ensureImageTag(options.tag);
  const asked = options.relocateTo && canonicalTree(options.relocateTo);
  const database = await readInstallDatabase(store);
  const [existing, elsewhere, settled] = await Promise.all([
    allTagsIfAny(target, signal),
    options.excludeMirror === undefined ? [] : packageTags(options.excludeMirror, signal),
    settleTree(target, asked, rememberedTree, signal),
  ]);
  const plan = planRequest(store, database, request, options, {
    existing,
    elsewhere: new Set(elsewhere),
  });
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  for (const node of plan.absent) {
    const message = `${describePackage(node)} is neither installed nor in ${target.name}; images that need it are made without it.`;
    listener?.({ type: "warning", message });
  }
  const bases = await basesOf(plan, options);
  const nothing = { plan, packages: [], images: [], tagged: undefined, index: undefined };
  if (options.dryRun === true && settled === undefined)
    return { ...nothing, canonical: undefined, originals: new Map() };
  return withScratch(options.scratchDirectory, async (scratch) => {
    const tree = settled?.tree;
    const context = {
      store,
      database,
      target,
      scheduler,
      graph: plan.graph,
      tree,
      scratch,
      listener,
      signal,
    };
    const originals = await findOriginals(plan.todo, options.origins, context);
    const packed = plan.todo.filter((item) => !originals.has(item.node.hash));
    const canonical = tree && (await examinePush(packed, tree, context));
    if (options.dryRun === true) return { ...nothing, canonical, originals };
    if (settled !== undefined) {
      await agreeOnTree(target, scheduler, settled, rememberedTree, { listener, signal });
    }
    // An index that was written for the tree's sake alone would hide what is pushed without it.
    const updateIndex = options.updateIndex === true || settled?.isInMirror === false;
    const planned = {
      store,
      database,
      target,
      scheduler,
      options,
      plan,
      bases,
      scratch,
      canonical,
      originals,
    };
    return send(planned, existing, updateIndex);
  });
}

/** Everything after the plan. */
async function send(
  planned: Omit<PushWork, "layers" | "environmentOf">,
  existing: ReadonlySet<string>,
  updateIndex: boolean,
): Promise<PushResult> {
  const { store, database, target, scheduler, options, plan, bases, canonical, originals } = planned;
  const { signal, listener, tag } = options;
  const fromSpack = await askEnvironments(store, plan, bases, options);
  await copyBaseLayers(bases, target, scheduler, signal);
  const environmentOf = imageEnvironments({
    database,
    inspections: options.prefixInspections,
    fromSpack,
    tree: canonical?.tree,
    originals,
    existing: async (node, base) => {
      const name = packageTag(node);
      return existing.has(name) ? readExistingImage(target, name, { base, listener, signal }) : undefined;
    },
  });
  const layers = new KnownLayers(target, new Set(plan.present.map((item) => item.node.hash)), signal);
  const work = { ...planned, layers, environmentOf };
  const run = new PushRun(work);
  const packages = await run.packages();
  const images = plan.todo.flatMap((item) => run.pushedImages.get(item.tag) ?? []);
  const tagged = tag === undefined ? undefined : await orFailed(() => tagRoots(work, tag, packages), signal);
  const isWorthwhile = packages.length === 0 || packages.some(({ outcome }) => outcome === "done");
  const annotate = canonical && annotateTree(target, canonical.tree);
  const change = { add: run.pushedSpecs, annotate };
  const index =
    updateIndex && isWorthwhile
      ? await orFailed(() => mergeIndex(target, scheduler, change, { listener, signal }), signal)
      : undefined;
  return { plan, canonical, originals, packages, images, tagged, index };
}

/** For every architecture of what is pushed, and of the image that all packages are put into. */
async function basesOf(plan: PushPlan, { baseImage, tag, signal }: PushOptions): Promise<BaseImages> {
  if (baseImage === undefined) return new Map();
  const nodes = plan.todo.map((item) => item.node);
  return readBaseImages(baseImage, tag === undefined ? nodes : [...nodes, ...plan.roots.slice(0, 1)], signal);
}
