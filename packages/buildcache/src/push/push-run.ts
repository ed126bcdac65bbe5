// One push under way: every planned package from its prefix to its tag.
//
// sendLayer (packPackage -> uploadLayer) -> putPackageImage; or copyContent instead of sendLayer

import { join } from "node:path";
import { copyContent } from "@spack-oci/oci-client";
import { readInstalledSpec, type SpecDocument, type SpecNode } from "@spack-oci/spack-store";
import { architectureOf } from "../base-image/prepare-base-images.js";
import type { PackageName } from "../events.js";
import { imagePackages } from "../image/image-packages.js";
import type { RunnableImage } from "../image/pushed-image.js";
import { sendLayer } from "../layers/send-layer.js";
import { type PackageResult, runPackages } from "../schedule/run-packages.js";
import { packPackage } from "./pack-package.js";
import type { PushItem } from "./plan-push.js";
import type { PushWork } from "./push-work.js";
import { putPackageImage } from "./put-package-image.js";

export class PushRun {
  readonly #work: PushWork;
  /** Specs of the images that were tagged, by tag. */
  readonly pushedSpecs = new Map<string, SpecDocument>();
  /** The images themselves, by tag. */
  readonly pushedImages = new Map<string, RunnableImage>();

  constructor(work: PushWork) {
    this.#work = work;
  }

  async packages(): Promise<PackageResult[]> {
    const { plan, scheduler, options, canonical } = this.#work;
    return runPackages({
      items: plan.todo,
      nodeOf: (item) => item.node,
      dependenciesOf: (item) => this.#packagesIn(item).map((node) => node.hash),
      refuse: ({ node }) => canonical?.refused.get(node.hash),
      start: (item) => this.#sendLayer(item),
      finish: (item, bytes) => scheduler.light(() => this.#sendImage(item, bytes)),
      scheduler,
      listener: options.listener,
      signal: options.signal,
    });
  }

  async #sendLayer(item: PushItem): Promise<number> {
    const { store, database, target, layers, options, scratch, originals } = this.#work;
    const { listener, signal, spackPrefix, compression, force = false } = options;
    const onBytes = (count: number) => listener?.({ type: "bytes", package: item.node, count });
    const original = originals.get(item.node.hash);
    if (original !== undefined) {
      const { descriptor, diffId, from } = original;
      this.#tell(item.node, "uploading", descriptor.size);
      layers.add(item.node.hash, { descriptor, diffId });
      const outcome = await copyContent({ from, to: target }, descriptor, { onBytes, signal });
      return outcome === "uploaded" ? descriptor.size : 0;
    }
    this.#tell(item.node, "packing");
    const path = join(scratch, `${item.node.hash}.layer`);
    const canonical = this.#work.canonical?.packages.get(item.node.hash);
    const layer = await sendLayer(
      target,
      path,
      (onWritten) =>
        packPackage(store, database, item, { path, spackPrefix, compression, canonical, onWritten, signal }),
      {
        // Only a tag says so without a digest, and whoever asks for everything again has most of it there.
        mayBeThere: force,
        onPacked: ({ size }) => this.#tell(item.node, "uploading", size),
        onBytes,
        signal,
      },
    );
    layers.add(item.node.hash, layer);
    return layer.descriptor.size;
  }

  async #sendImage(item: PushItem, bytes: number): Promise<number> {
    const { database, target, bases, layers, environmentOf, options } = this.#work;
    const { createdAt = new Date(), annotations, signal } = options;
    this.#tell(item.node, "tagging");
    const document = await readInstalledSpec(item.prefix, item.node.hash);
    const base = bases.get(architectureOf(item.node));
    const { variables, source } = await environmentOf(database.graph, [item.node.hash], base);
    const request = {
      graph: document.graph,
      node: document.root,
      layers: await layers.of(this.#packagesIn(item)),
      createdAt,
      environment: variables,
      base,
      annotations,
    };
    const image = await putPackageImage(target, request, signal);
    this.pushedImages.set(item.tag, { ...image, runEnvironment: source });
    this.pushedSpecs.set(item.tag, document);
    return bytes;
  }

  #packagesIn({ node }: PushItem): SpecNode[] {
    return imagePackages(this.#work.database.graph, [node.hash]);
  }

  #tell(node: PackageName, step: "packing" | "uploading" | "tagging", bytes?: number): void {
    this.#work.options.listener?.({
      type: "step",
      package: node,
      step,
      ...(bytes === undefined ? {} : { bytes }),
    });
  }
}
