// The verb push: installed packages become images of a buildcache.
//
// selectSpecs -> planPush -> packPackage -> uploadLayer -> putImage -> updateIndex

import { isSpackOciError, type SpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import {
  type InstallDatabase,
  readInstallDatabase,
  readInstalledSpec,
  runtimeClosure,
  type SpecDocument,
  type SpecNode,
  type Store,
} from "@spack-oci/spack-store";
import { describePackage, type Listener, type PackageName } from "../events.js";
import { asSpackOciError } from "../failure.js";
import { packageTags } from "../index/scan-tags.js";
import type { PackageLayer } from "../protocol/package-layer.js";
import { readPackageImage } from "../protocol/read-image.js";
import { packageTag } from "../protocol/tags.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { selectSpecs } from "../select/select-specs.js";
import { type UpdateIndexResult, updateIndex } from "../update-index.js";
import { packPackage } from "./pack-package.js";
import { isPushable, type PushItem, type PushPlan, planPush } from "./plan-push.js";
import { putImage } from "./put-image.js";
import { withScratch } from "./scratch.js";
import { uploadLayer } from "./upload-layer.js";

export interface PushOptions {
  /** Push again what is there. */
  readonly force?: boolean | undefined;
  /** Take along the build dependencies that are installed, as Spack does; true by default. */
  readonly withBuildDependencies?: boolean | undefined;
  /** Write the index afterwards. */
  readonly updateIndex?: boolean | undefined;
  /** Plan, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Where layers are packed, the system's temporary directory by default. */
  readonly scratchDirectory?: string | undefined;
  /** Where the Spack is that the store belongs to; goes into the layers for information. */
  readonly spackPrefix?: string | undefined;
  /** The time that images claim to be made at; now by default. */
  readonly createdAt?: Date | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PushResult {
  readonly plan: PushPlan;
  /** One for each package that was to be pushed; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  /** The index, or why it could not be written; undefined where it was not asked for, or nothing new is there. */
  readonly index:
    | UpdateIndexResult
    | { readonly outcome: "failed"; readonly error: SpackOciError }
    | undefined;
}

/**
 * Pushes the installed packages that the arguments name, all without arguments, with what they need.
 *
 * Blobs are sent before the images that refer to them, so that a tag is never incomplete. A package that fails does not
 * stop the others; those that run with it are skipped, and the next push makes up for them.
 *
 * @throws SpackOciError where the store cannot be read, an argument names nothing, or the buildcache does not answer
 */
export async function push(
  store: Store,
  target: Target & TagLister,
  scheduler: Scheduler,
  specArguments: readonly string[],
  options: PushOptions = {},
): Promise<PushResult> {
  const database = await readInstallDatabase(store);
  const candidates = [...database.records.values()].filter(isPushable).map((record) => record.spec);
  const roots = selectSpecs(candidates, specArguments, `the store ${store.root}`);
  const plan = planPush({
    database,
    roots: roots.map((node) => node.hash),
    withBuildDependencies: options.withBuildDependencies ?? true,
    force: options.force ?? false,
    existingTags: await existingTags(target, options.signal),
  });
  options.listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  for (const node of plan.absent) {
    const message = `${describePackage(node)} is neither installed nor in ${target.name}; images that need it are made without it.`;
    options.listener?.({ type: "warning", message });
  }
  if (options.dryRun === true) return { plan, packages: [], index: undefined };

  const run = new PushRun(store, database, target, scheduler, options, plan);
  const packages = await run.packages();
  const isWorthwhile = packages.length === 0 || packages.some(({ outcome }) => outcome === "done");
  if (options.updateIndex !== true || !isWorthwhile) return { plan, packages, index: undefined };
  try {
    const index = await updateIndex(target, scheduler, { ...options, known: run.pushedSpecs });
    return { plan, packages, index };
  } catch (error) {
    // What became of the packages must not be lost over it.
    options.signal?.throwIfAborted();
    return { plan, packages, index: { outcome: "failed", error: asSpackOciError(error) } };
  }
}

/** A repository comes into being with its first push; most registries say "not found" until then. */
async function existingTags(
  target: TagLister,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  try {
    return new Set(await packageTags(target, signal));
  } catch (error) {
    if (!isSpackOciError(error, "not-found")) throw error;
    return new Set();
  }
}

/** One push under way: the layers that are known, as dependents wait for those of their dependencies. */
class PushRun {
  readonly #store: Store;
  readonly #database: InstallDatabase;
  readonly #target: Target;
  readonly #scheduler: Scheduler;
  readonly #options: PushOptions;
  readonly #plan: PushPlan;
  readonly #layers = new Map<string, PackageLayer>();
  readonly #inBuildcache = new Map<string, Promise<PackageLayer>>();
  /** Specs of the images that were tagged, by tag. */
  readonly pushedSpecs = new Map<string, SpecDocument>();

  constructor(
    store: Store,
    database: InstallDatabase,
    target: Target,
    scheduler: Scheduler,
    options: PushOptions,
    plan: PushPlan,
  ) {
    this.#store = store;
    this.#database = database;
    this.#target = target;
    this.#scheduler = scheduler;
    this.#options = options;
    this.#plan = plan;
  }

  async packages(): Promise<PackageResult[]> {
    return withScratch(this.#options.scratchDirectory, (scratch) =>
      runPackages({
        items: this.#plan.todo,
        nodeOf: (item) => item.node,
        dependenciesOf: (item) => this.#runtime(item.node).map((node) => node.hash),
        start: (item) => this.#sendLayer(item, scratch),
        finish: (item, bytes) => this.#scheduler.light(() => this.#sendImage(item, bytes)),
        scheduler: this.#scheduler,
        listener: this.#options.listener,
        signal: this.#options.signal,
      }),
    );
  }

  async #sendLayer(item: PushItem, scratch: string): Promise<number> {
    const { listener, signal } = this.#options;
    this.#tell(item.node, "packing");
    const options = { scratch, spackPrefix: this.#options.spackPrefix, signal };
    const packed = await packPackage(this.#store, this.#database, item, options);
    this.#tell(item.node, "uploading", packed.descriptor.size);
    const onBytes = (count: number) => listener?.({ type: "bytes", package: item.node, count });
    this.#layers.set(item.node.hash, await uploadLayer(this.#target, packed, { onBytes, signal }));
    return packed.descriptor.size;
  }

  async #sendImage(item: PushItem, bytes: number): Promise<number> {
    this.#tell(item.node, "tagging");
    const layers = await Promise.all(this.#runtime(item.node).map((node) => this.#layerOf(node)));
    const document = await readInstalledSpec(item.prefix, item.node.hash);
    await putImage(
      this.#target,
      {
        graph: document.graph,
        node: document.root,
        layers: layers.filter((layer) => layer !== undefined),
        createdAt: this.#options.createdAt ?? new Date(),
      },
      this.#options.signal,
    );
    this.pushedSpecs.set(item.tag, document);
    return bytes;
  }

  /** Layers of an image from the leaves to the package itself (Spack: `_oci_put_manifest`). */
  #runtime(node: SpecNode): SpecNode[] {
    return runtimeClosure(this.#database.graph, [node.hash])
      .filter((dependency) => dependency.external === undefined)
      .reverse();
  }

  /** From this push, or from the buildcache; undefined where neither has it. */
  async #layerOf(node: SpecNode): Promise<PackageLayer | undefined> {
    const known = this.#layers.get(node.hash);
    if (known !== undefined || this.#plan.absent.some((absent) => absent.hash === node.hash)) return known;
    let found = this.#inBuildcache.get(node.hash);
    if (found === undefined) {
      found = readPackageImage(this.#target, packageTag(node), this.#options.signal).then(
        (image) => image.layer,
      );
      this.#inBuildcache.set(node.hash, found);
    }
    return found;
  }

  #tell(node: PackageName, step: "packing" | "uploading" | "tagging", bytes?: number): void {
    this.#options.listener?.({
      type: "step",
      package: node,
      step,
      ...(bytes === undefined ? {} : { bytes }),
    });
  }
}
