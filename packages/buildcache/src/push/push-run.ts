// One push under way: every planned package from its prefix to its tag.
//
// packPackage -> uploadLayer -> putPackageImage

import type { Target } from "@spack-oci/oci-client";
import {
  type InstallDatabase,
  readInstalledSpec,
  type SpecDocument,
  type SpecNode,
  type Store,
} from "@spack-oci/spack-store";
import { architectureOf, type BaseImages } from "../base-image/prepare-base-images.js";
import type { PackageName } from "../events.js";
import type { RunnableImage } from "../image/pushed-image.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { ImageEnvironments } from "./image-environments.js";
import { imagePackages } from "./image-packages.js";
import type { KnownLayers } from "./known-layers.js";
import { packPackage } from "./pack-package.js";
import type { PushItem, PushPlan } from "./plan-push.js";
import type { PushOptions } from "./push-options.js";
import { putPackageImage } from "./put-package-image.js";
import { withScratch } from "./scratch.js";
import { uploadLayer } from "./upload-layer.js";

export class PushRun {
  readonly #store: Store;
  readonly #database: InstallDatabase;
  readonly #target: Target;
  readonly #scheduler: Scheduler;
  readonly #options: PushOptions;
  readonly #plan: PushPlan;
  readonly #bases: BaseImages;
  readonly #environmentOf: ImageEnvironments;
  readonly #layers: KnownLayers;
  /** Specs of the images that were tagged, by tag. */
  readonly pushedSpecs = new Map<string, SpecDocument>();
  /** The images themselves, by tag. */
  readonly pushedImages = new Map<string, RunnableImage>();

  constructor(
    store: Store,
    database: InstallDatabase,
    target: Target,
    scheduler: Scheduler,
    options: PushOptions,
    plan: PushPlan,
    bases: BaseImages,
    environmentOf: ImageEnvironments,
    layers: KnownLayers,
  ) {
    this.#store = store;
    this.#database = database;
    this.#target = target;
    this.#scheduler = scheduler;
    this.#options = options;
    this.#plan = plan;
    this.#bases = bases;
    this.#environmentOf = environmentOf;
    this.#layers = layers;
  }

  async packages(): Promise<PackageResult[]> {
    return withScratch(this.#options.scratchDirectory, (scratch) =>
      runPackages({
        items: this.#plan.todo,
        nodeOf: (item) => item.node,
        dependenciesOf: (item) => this.#packagesIn(item).map((node) => node.hash),
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
    this.#layers.add(item.node.hash, await uploadLayer(this.#target, packed, { onBytes, signal }));
    return packed.descriptor.size;
  }

  async #sendImage(item: PushItem, bytes: number): Promise<number> {
    this.#tell(item.node, "tagging");
    const layers = await this.#layers.of(this.#packagesIn(item));
    const document = await readInstalledSpec(item.prefix, item.node.hash);
    const base = this.#bases.get(architectureOf(item.node));
    const { graph } = this.#database;
    const { variables, source } = await this.#environmentOf(graph, [item.node.hash], base);
    const image = await putPackageImage(
      this.#target,
      {
        graph: document.graph,
        node: document.root,
        layers,
        createdAt: this.#options.createdAt ?? new Date(),
        environment: variables,
        base,
        annotations: this.#options.annotations,
      },
      this.#options.signal,
    );
    this.pushedImages.set(item.tag, { ...image, runEnvironment: source });
    this.pushedSpecs.set(item.tag, document);
    return bytes;
  }

  #packagesIn({ node }: PushItem): SpecNode[] {
    return imagePackages(this.#database.graph, [node.hash]);
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
