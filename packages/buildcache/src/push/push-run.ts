// One push under way: every planned package from its prefix to its tag.
//
// packPackage -> uploadLayer -> putPackageImage

import type { Target } from "@spack-oci/oci-client";
import {
  type InstallDatabase,
  readInstalledSpec,
  runtimeClosure,
  type SpecDocument,
  type SpecNode,
  type Store,
} from "@spack-oci/spack-store";
import { architectureOf, type BaseImages } from "../base-image/prepare-base-images.js";
import type { PackageName } from "../events.js";
import type { PushedImage } from "../image/pushed-image.js";
import type { PackageLayer } from "../protocol/package-layer.js";
import { readPackageImage } from "../protocol/read-image.js";
import { packageTag } from "../protocol/tags.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { packPackage } from "./pack-package.js";
import { type PackageEnvironments, packageEnvironments } from "./package-environments.js";
import type { PushItem, PushPlan } from "./plan-push.js";
import type { PushOptions } from "./push-options.js";
import { putPackageImage } from "./put-package-image.js";
import { withScratch } from "./scratch.js";
import { uploadLayer } from "./upload-layer.js";

/** Remembers the layers that are known, as dependents wait for those of their dependencies. */
export class PushRun {
  readonly #store: Store;
  readonly #database: InstallDatabase;
  readonly #target: Target;
  readonly #scheduler: Scheduler;
  readonly #options: PushOptions;
  readonly #plan: PushPlan;
  readonly #bases: BaseImages;
  readonly #environmentOf: PackageEnvironments;
  readonly #present: ReadonlySet<string>;
  readonly #layers = new Map<string, PackageLayer>();
  readonly #inBuildcache = new Map<string, Promise<PackageLayer>>();
  /** Specs of the images that were tagged, by tag. */
  readonly pushedSpecs = new Map<string, SpecDocument>();
  /** The images themselves, by tag. */
  readonly pushedImages = new Map<string, PushedImage>();

  constructor(
    store: Store,
    database: InstallDatabase,
    target: Target,
    scheduler: Scheduler,
    options: PushOptions,
    plan: PushPlan,
    bases: BaseImages,
  ) {
    this.#store = store;
    this.#database = database;
    this.#target = target;
    this.#scheduler = scheduler;
    this.#options = options;
    this.#plan = plan;
    this.#bases = bases;
    this.#environmentOf = packageEnvironments(database, options.prefixInspections);
    this.#present = new Set(plan.present.map((item) => item.node.hash));
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
    const base = this.#bases.get(architectureOf(item.node));
    const image = await putPackageImage(
      this.#target,
      {
        graph: document.graph,
        node: document.root,
        layers: layers.filter((layer) => layer !== undefined),
        createdAt: this.#options.createdAt ?? new Date(),
        environment: await this.#environmentOf(item.node, base?.environment ?? []),
        base,
        annotations: this.#options.annotations,
      },
      this.#options.signal,
    );
    this.pushedImages.set(item.tag, image);
    this.pushedSpecs.set(item.tag, document);
    return bytes;
  }

  /** Layers of an image from the leaves to the package itself (Spack: `_oci_put_manifest`). */
  #runtime(node: SpecNode): SpecNode[] {
    return runtimeClosure(this.#database.graph, [node.hash])
      .filter((dependency) => dependency.external === undefined)
      .reverse();
  }

  /** From this push, or from the buildcache; undefined for what the push does not cover (Spack: `_oci_put_manifest`). */
  async #layerOf(node: SpecNode): Promise<PackageLayer | undefined> {
    const known = this.#layers.get(node.hash);
    if (known !== undefined || !this.#present.has(node.hash)) return known;
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
