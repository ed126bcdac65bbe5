// The verb push: turns installed packages into images of a buildcache.
//
// planRequest -> readBaseImages -> findReusableLayers -> comparePadding, examinePush
//   -> publishInstallTree -> copyBaseLayers
//   -> PushRun (sendLayer -> putPackageImage) -> tagRoots -> mergeIndex

import { SpackOciError } from "@spack-oci/errors";
import { type InstallDatabase, readInstallDatabase, type Store, withUpstreams } from "@spack-oci/spack-store";
import { type BaseImages, copyBaseLayers, readBaseImages } from "../../base-image/prepare-base-images.js";
import { describePackage } from "../../events/events.js";
import { type Failed, orFailed } from "../../failures/failure.js";
import { installTree } from "../../install-tree/install-tree.js";
import {
  annotateInstallTree,
  publishInstallTree,
  type ResolvedInstallTree,
  resolveInstallTree,
} from "../../install-tree/resolve-install-tree.js";
import { withScratch } from "../../layers/scratch.js";
import type { RunnableImage } from "../../package-image/pushed-image.js";
import { ensureImageTag, packageTag } from "../../package-image/tags.js";
import { allTagsIfAny } from "../../package-index/all-tags.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import { packageTags } from "../../package-index/scan-tags.js";
import { readExistingImage } from "../../recipe-env/read-existing-image.js";
import { findReusableLayers, type ReusableLayer } from "../../reuse/find-reusable-layers.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import { askEnvironments } from "./ask-environments.js";
import { comparePadding } from "./compare-padding.js";
import { imageEnvironments } from "./image-environments.js";
import type { PushPlan } from "./plan-push.js";
import { planRequest } from "./plan-request.js";
import { examinePush, type PushRelocation } from "./push-relocation.js";
import type { PushRequest } from "./push-request.js";
import { type PushLayers, PushRun } from "./push-run.js";
import type { PushWork } from "./push-work.js";
import { tagRoots } from "./tag-roots.js";
import { unlistedDependencies } from "./unlisted-dependencies.js";

export interface PushResult {
  readonly plan: PushPlan;
  /**
   * The install tree that packages are relocated to, and the packages that cannot be; undefined if packages are
   * pushed as they are.
   */
  readonly relocation: Pick<PushRelocation, "tree" | "refused" | "unrelocatable"> | undefined;
  /** Unchanged packages that came from a buildcache, by DAG hash: their original layers are reused. */
  readonly reused: ReadonlyMap<string, ReusableLayer>;
  /** One for each package to push; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  /** The images that were pushed, in the order of the plan. */
  readonly images: readonly RunnableImage[];
  /** The image of all named packages, or why it could not be made; undefined if it was not requested. */
  readonly tagged: RunnableImage | Failed | undefined;
  /**
   * The package index, or why it could not be written; undefined if it was not requested, or nothing was pushed. Also
   * written when the buildcache gets its install tree.
   */
  readonly index: MergeIndexResult | Failed | undefined;
}

/**
 * Pushes the installed packages that a request selects, with their dependencies.
 *
 * A base image is read before anything is written, and its layers are copied before any package is packed. Blobs are
 * sent before the images that refer to them, so a tag never refers to what does not exist. A package that fails does
 * not stop the others; the images of its dependents are made without its layer (Spack: binary_distribution.py,
 * `_oci_push`), unless the request is for all or nothing.
 *
 * @throws SpackOciError `ERR_NOT_INSTALLED`; if the tag is invalid, the store cannot be read, a spec matches nothing,
 *   the base image does not fit, or the buildcache does not answer
 */
export async function push(
  mirror: Buildcache,
  request: PushRequest,
  { store, run }: VerbContext & { readonly store: Store },
): Promise<PushResult> {
  const { rememberedInstallTree: remembered, excludeMirror } = request;
  const { signal, listener } = run;
  if (request.tag !== undefined) ensureImageTag(request.tag);
  const requested = request.relocateTo && installTree(request.relocateTo);
  const [own, database] = await readDatabases(store, request.upstreams);
  const [existing, elsewhere, resolved] = await Promise.all([
    allTagsIfAny(mirror, signal),
    excludeMirror === undefined ? [] : packageTags(excludeMirror, signal),
    resolveInstallTree(mirror, { requested, remembered }, signal),
  ]);
  const plan = planRequest({ store, own, database }, request, { existing, elsewhere: new Set(elsewhere) });
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  if (request.failFast === true && plan.absent.length > 0) throw notInstalled(plan.absent);
  for (const node of plan.absent) {
    const message = `${describePackage(node)} is neither installed nor in ${mirror.name}; images that need it are made without it.`;
    listener?.({ type: "warning", message });
  }
  if (request.specs.length > 0) {
    for (const node of plan.roots.filter(({ external }) => external !== undefined))
      listener?.({ type: "warning", message: `${describePackage(node)} is external, and is not pushed.` });
  }
  const pushed = [...plan.todo, ...plan.present].map(({ node }) => node);
  for (const message of unlistedDependencies(plan.graph, pushed)) listener?.({ type: "warning", message });
  const bases = await basesOf(plan, request, signal);
  if (request.dryRun === true && resolved === undefined)
    return { ...NOTHING_PUSHED, plan, relocation: undefined, reused: new Map() };
  return withScratch(run.scratch, (scratch) =>
    execute({ mirror, request, store, database, plan, existing, bases, run, scratch }, resolved),
  );
}

/** @returns the store's own database, and one that includes the upstreams */
async function readDatabases(
  store: Store,
  upstreams: readonly Store[] = [],
): Promise<[own: InstallDatabase, complete: InstallDatabase]> {
  const [own, ...others] = await Promise.all([store, ...upstreams].map(readInstallDatabase));
  if (own === undefined) throw new TypeError("one database is read for each store");
  return [own, withUpstreams(own, others)];
}

const NOTHING_PUSHED = { packages: [], images: [], tagged: undefined, index: undefined };

/** Everything after the plan; a dry run ends once all packages have been scanned. */
async function execute(work: PushWork, resolved: ResolvedInstallTree | undefined): Promise<PushResult> {
  const { mirror, request, store, plan, run } = work;
  const tree = resolved?.tree;
  const sources = { store, target: mirror, graph: plan.graph, tree, sources: request.reuse };
  const reused = await findReusableLayers(plan.todo, sources, run);
  const packed = plan.todo.filter((item) => !reused.has(item.node.hash));
  if (tree === undefined && packed.length > 0) await comparePadding(work);
  const relocation = tree && (await examinePush(packed, tree, work));
  if (request.dryRun === true) return { ...NOTHING_PUSHED, plan, relocation, reused };
  if (resolved !== undefined) {
    const remembered = request.rememberedInstallTree;
    await publishInstallTree(mirror, { ...resolved, remembered, signer: request.signer }, run);
  }
  // An index written only for the install tree would not list the packages that are pushed now, and Spack would not
  // find them.
  const updateIndex = request.updateIndex === true || resolved?.isInMirror === false;
  return send(work, { relocation, reused }, updateIndex);
}

/** Sends layers and images, and then everything that refers to them. */
async function send(
  work: PushWork,
  layers: Pick<PushLayers, "relocation" | "reused">,
  updateIndex: boolean,
): Promise<PushResult> {
  const { mirror, request, database, plan, existing, bases, run } = work;
  const { relocation, reused } = layers;
  const { signal } = run;
  const fromSpack = await askEnvironments(work);
  await copyBaseLayers(bases, mirror, run);
  const environmentOf = imageEnvironments({
    database,
    inspections: request.prefixInspections,
    fromSpack,
    tree: relocation?.tree,
    reused,
    existing: async (node, base) => {
      const name = packageTag(node);
      return existing.has(name) ? readExistingImage(mirror, name, { base, ...run }) : undefined;
    },
  });
  warnOfUnsigned(work);
  const pushRun = new PushRun(work, { ...layers, environmentOf });
  const packages = await pushRun.run();
  const images = plan.todo.flatMap((item) => pushRun.pushedImages.get(item.tag) ?? []);
  const { tag } = request;
  const tagged =
    tag === undefined
      ? undefined
      : await orFailed(
          () => tagRoots(work, { tag, packages, layers: pushRun.layers, environmentOf }),
          signal,
        );
  const isWorthwhile = packages.length === 0 || packages.some(({ outcome }) => outcome === "done");
  const annotate = relocation && annotateInstallTree(mirror, relocation.tree);
  const change = { add: pushRun.pushedSpecs, annotate, signer: request.signer };
  const index =
    updateIndex && isWorthwhile ? await orFailed(() => mergeIndex(mirror, change, run), signal) : undefined;
  return { plan, relocation, reused, packages, images, tagged, index };
}

function warnOfUnsigned({ mirror, request, plan, run }: PushWork): void {
  const { provenance, signer } = request;
  if (provenance === undefined || signer !== undefined || plan.todo.length === 0) return;
  const message = `The provenance is not signed: it proves nothing to readers who do not trust everyone who can write to ${mirror.name}. Sign with --sign-key or --sign-keyless.`;
  run.listener?.({ type: "warning", message });
}

/** Spack: cmd/buildcache.py, `PackagesAreNotInstalledError`. */
function notInstalled(absent: PushPlan["absent"]): SpackOciError {
  const names = absent.map((node) => `  ${describePackage(node)}`).join("\n");
  return new SpackOciError(
    "ERR_NOT_INSTALLED",
    `Nothing was pushed, because these are not installed:\n${names}`,
    {
      kind: "failed",
      hint: "Install them, or leave out --fail-fast to push everything else.",
    },
  );
}

/** One for each architecture among the pushed packages and the image of all named packages. */
async function basesOf(
  plan: PushPlan,
  { baseImage, tag }: PushRequest,
  signal: AbortSignal | undefined,
): Promise<BaseImages> {
  if (baseImage === undefined) return new Map();
  const nodes = plan.todo.map((item) => item.node);
  return readBaseImages(baseImage, tag === undefined ? nodes : [...nodes, ...plan.roots.slice(0, 1)], signal);
}
