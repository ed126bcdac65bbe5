// Runs the part of a push that sends: takes every planned package from its prefix to its tag.
//
// sendLayer (packPackage -> uploadLayer) -> putPackageImage; or copyContent instead of sendLayer

import { join } from "node:path";
import { copyContent, type Descriptor } from "@spack-oci/oci-client";
import { type SpecDocument, type SpecNode, withoutBuildSpecs } from "@spack-oci/spack-spec";
import { readInstalledSpec } from "@spack-oci/spack-store";
import { architectureOf } from "../../base-image/prepare-base-images.js";
import { describePackage, type PackageName } from "../../events/events.js";
import { MemoryBudget } from "../../layers/memory-budget.js";
import { sendLayer } from "../../layers/send-layer.js";
import { imagePackages } from "../../package-image/image-packages.js";
import { KnownLayers } from "../../package-image/known-layers.js";
import type { RunnableImage } from "../../package-image/pushed-image.js";
import { putPackageImage } from "../../package-image/put-package-image.js";
import type { ReusableLayer } from "../../reuse/find-reusable-layers.js";
import { type PackageResult, runPackages } from "../../schedule/run-packages.js";
import { PushDocuments } from "./attach-documents.js";
import type { ImageEnvironments } from "./image-environments.js";
import { packPackage } from "./pack-package.js";
import type { PushItem } from "./plan-push.js";
import type { PushRelocation } from "./push-relocation.js";
import type { PushWork } from "./push-work.js";

/** The layers of a push, before they are sent. */
export interface PushLayers {
  /** Undefined if packages are pushed as they are installed. */
  readonly relocation: PushRelocation | undefined;
  /** Original layers to reuse, by DAG hash. */
  readonly reused: ReadonlyMap<string, ReusableLayer>;
  readonly environmentOf: ImageEnvironments;
}

/** Bytes of small packages that are packed or wait for their upload. */
const MAX_MEMORY = 64 * 1024 * 1024;

export class PushRun {
  readonly #work: PushWork;
  readonly #from: PushLayers;
  /** Layers of this push, and of packages that the buildcache already has. */
  readonly layers: KnownLayers;
  /** Specs of the images that were tagged, by tag. */
  readonly pushedSpecs = new Map<string, SpecDocument>();
  /** The images themselves, by tag. */
  readonly pushedImages = new Map<string, RunnableImage>();
  readonly #budget = new MemoryBudget(MAX_MEMORY);
  readonly #documents: PushDocuments;

  constructor(work: PushWork, from: PushLayers) {
    this.#work = work;
    this.#from = from;
    const present = new Set(work.plan.present.map((item) => item.node.hash));
    this.layers = new KnownLayers(work.mirror, present, work.run.signal);
    this.#documents = new PushDocuments(work);
  }

  async run(): Promise<PackageResult[]> {
    const { plan, request, run } = this.#work;
    const results = await runPackages({
      items: plan.todo,
      nodeOf: (item) => item.node,
      dependenciesOf: (item) => this.#packagesIn(item).map((node) => node.hash),
      reject: ({ node }) => this.#from.relocation?.refused.get(node.hash),
      start: (item) => this.#sendLayer(item),
      finish: (item, bytes) => run.scheduler.request(() => this.#sendImage(item, bytes)),
      onFailure: request.failFast === true ? "stop" : "continue",
      run,
    });
    this.#warnOfGaps(results);
    return results;
  }

  /** A tag that exists is not pushed again, so an image without a layer stays that way unless it is forced. */
  #warnOfGaps(results: readonly PackageResult[]): void {
    for (const { outcome, package: failed } of results) {
      if (outcome !== "failed" || this.layers.has(failed.hash)) continue;
      const gaps = this.#work.plan.todo.filter(
        (item) =>
          this.pushedImages.has(item.tag) && this.#packagesIn(item).some(({ hash }) => hash === failed.hash),
      );
      if (gaps.length === 0) continue;
      const names = gaps.map(({ node }) => describePackage(node)).join(", ");
      const message = `The images of ${names} lack the layer of ${describePackage(failed)}. Once that is pushed, push them again with "--force".`;
      this.#work.run.listener?.({ type: "warning", message });
    }
  }

  async #sendLayer(item: PushItem): Promise<number> {
    const { mirror, request, scratch, run } = this.#work;
    const { listener, signal } = run;
    const { hash } = item.node;
    const onBytes = (count: number) => listener?.({ type: "bytes", package: item.node, count });
    const reusable = this.#from.reused.get(hash);
    if (reusable !== undefined) {
      const { descriptor, diffId, from } = reusable;
      this.#report(item.node, "uploading", descriptor.size);
      const outcome = await copyContent({ from, to: mirror }, descriptor, { onBytes, signal });
      this.layers.add(hash, { descriptor, diffId });
      return outcome === "uploaded" ? descriptor.size : 0;
    }
    this.#report(item.node, "packing");
    const path = join(scratch, `${hash}.layer`);
    const relocated = this.#from.relocation?.packages.get(hash);
    const pack = (onGrown: (size: number) => void) => {
      const onWritten = (bytes: number) => {
        listener?.({ type: "packed", package: item.node, bytes });
        onGrown(bytes);
      };
      return packPackage(item, this.#work, { path, budget: this.#budget, relocated, onWritten });
    };
    const layer = await sendLayer(mirror, pack, {
      path,
      // A package without a tag has not been pushed yet; with --force most layers already exist.
      mayExist: request.force ?? false,
      onPacked: ({ size }) => this.#report(item.node, "uploading", size),
      onBytes,
      signal,
    });
    this.layers.add(hash, layer);
    return layer.descriptor.size;
  }

  async #sendImage(item: PushItem, bytes: number): Promise<number> {
    const { mirror, request, database, bases, run } = this.#work;
    const { createdAt = new Date(), annotations, signer } = request;
    this.#report(item.node, "tagging");
    const installed = await readInstalledSpec(item.prefix, item.node.hash);
    // Outside of an environment Spack pushes what its database has.
    const document = request.environment === undefined ? withoutBuildSpecs(installed) : installed;
    const base = bases.get(architectureOf(item.node));
    const environment = await this.#from.environmentOf(database.graph, [item.node.hash], base);
    const layers = await this.layers.of(this.#packagesIn(item));
    const isPacked = !this.#from.reused.has(item.node.hash);
    const parts = {
      graph: document.graph,
      node: document.root,
      layers,
      createdAt,
      environment: environment.variables,
      base,
      annotations,
      // Nobody sees the image unsigned, or without its documents.
      beforeTag: async (manifest: Descriptor) => {
        await this.#documents.attach({ tag: item.tag, document, manifest, layers, createdAt, isPacked });
        await signer?.sign(mirror, manifest, run.signal);
      },
    };
    const image = await putPackageImage(mirror, parts, run.signal);
    this.pushedImages.set(item.tag, { ...image, runEnvironment: environment.source });
    this.pushedSpecs.set(item.tag, document);
    return bytes;
  }

  #packagesIn({ node }: PushItem): SpecNode[] {
    return imagePackages(this.#work.database.graph, [node.hash]);
  }

  #report(node: PackageName, step: "packing" | "uploading" | "tagging", bytes?: number): void {
    const size = bytes === undefined ? {} : { bytes };
    this.#work.run.listener?.({ type: "step", package: node, step, ...size });
  }
}
