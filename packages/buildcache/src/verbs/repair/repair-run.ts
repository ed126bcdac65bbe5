// Runs one repair: misplaced packages are packed for their prefix in the install tree, and every image with such a
// layer is made again, dependencies first.

import { join } from "node:path";
import { isSpackOciError, type SpackOciError } from "@spack-oci/errors";
import { type Descriptor, type Digest, descriptorOf, pushBytes } from "@spack-oci/oci-client";
import { PrefixMap } from "@spack-oci/spack-tarball";
import { packRelocatedPackage } from "../../install-tree/relocated-package.js";
import { blockedPackage, type UnrelocatableError } from "../../install-tree/unrelocatable-error.js";
import { spoolLayer } from "../../layers/spool-layer.js";
import { uploadLayer } from "../../layers/upload-layer.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import { readPackageImage } from "../../package-image/read-image.js";
import { originalTag } from "../../package-image/tags.js";
import { type PackageResult, runPackages } from "../../schedule/run-packages.js";
import type { ImageSigner } from "../../trust/image-signer.js";
import { type MisplacedContext, withMisplaced } from "./fetch-misplaced.js";
import type { RepairItem, RepairPlan } from "./plan-repair.js";
import { type LayerChange, repairedConfig, repairedManifest } from "./repaired-image.js";

/** A misplaced package that could not be scanned, and why. */
export interface UnreadPackage {
  readonly item: RepairItem;
  readonly error: SpackOciError;
}

export interface RepairRunContext extends MisplacedContext {
  readonly unrelocatable: UnrelocatableError | undefined;
  readonly unread: readonly UnreadPackage[];
  /** Whether the former image of a tag is kept under a second tag. */
  readonly keepOriginals: boolean;
  readonly createdAt: Date;
  readonly signer: ImageSigner | undefined;
}

/** An image that replaced another one. */
export interface RepairedImage {
  readonly tag: string;
  /** Digests of the manifests. */
  readonly before: Digest;
  readonly after: Digest;
  /** The tag of the former image; undefined if it was not kept. */
  readonly original: string | undefined;
}

export class RepairRun {
  readonly #context: RepairRunContext;
  readonly #plan: RepairPlan;
  readonly #layers = new Map<string, PackageLayer>();
  readonly #prefixes: PrefixMap;
  /** By tag. */
  readonly images = new Map<string, RepairedImage>();

  constructor(plan: RepairPlan, context: RepairRunContext) {
    this.#plan = plan;
    this.#context = context;
    const moves = plan.todo.flatMap(({ from, to }): [string, string][] =>
      from === undefined ? [] : [[from, to]],
    );
    this.#prefixes = new PrefixMap(moves);
  }

  async run(): Promise<PackageResult[]> {
    const { run, unrelocatable, unread } = this.#context;
    const rejected = new Map([
      ...unread.map(({ item, error }) => [item.node.hash, error] as const),
      ...(unrelocatable?.packages ?? []).map((each) => [each.package.hash, blockedPackage(each)] as const),
    ]);
    return runPackages<RepairItem, number>({
      items: this.#plan.todo,
      nodeOf: (item) => item.node,
      dependenciesOf: (item) => item.packages,
      reject: ({ node }) => rejected.get(node.hash),
      start: (item) => this.#sendLayer(item),
      finish: (item, bytes) => run.scheduler.request(() => this.#replaceImage(item, bytes)),
      run,
    });
  }

  async #sendLayer(item: RepairItem): Promise<number> {
    if (!item.isMisplaced) return 0;
    const { mirror, scratch, run } = this.#context;
    const { listener, signal } = run;
    return withMisplaced(item, this.#context, async (found) => {
      listener?.({ type: "step", package: item.node, step: "packing" });
      const path = join(scratch, `${item.node.hash}.tar.gz`);
      const packed = await spoolLayer(packRelocatedPackage(found), path, { signal });
      listener?.({ type: "step", package: item.node, step: "uploading", bytes: packed.descriptor.size });
      this.#layers.set(item.layer.digest, await uploadLayer(mirror, packed, { signal }));
      return packed.descriptor.size;
    });
  }

  /** Moves the tag only if it is still on the manifest that was read. */
  async #replaceImage({ tag, node }: RepairItem, bytes: number): Promise<number> {
    const { mirror: target, run, createdAt, keepOriginals, signer } = this.#context;
    const { listener, signal } = run;
    listener?.({ type: "step", package: node, step: "tagging" });
    const image = await readPackageImage(target, tag, signal);
    const change: LayerChange = { layers: this.#layers, prefixes: this.#prefixes, createdAt };
    const { mediaType, digest } = image.fetched.descriptor;
    const text = Buffer.from(repairedConfig(image, change));
    const configType = image.fetched.manifest.config.mediaType;
    const { descriptor: config } = await pushBytes(target, text, { mediaType: configType, signal });
    const manifest = Buffer.from(repairedManifest(image, config, change));
    const original = keepOriginals ? await this.#keepOriginal(tag, image.fetched.descriptor) : undefined;
    await signer?.sign(target, descriptorOf(mediaType, manifest), signal);
    const { descriptor } = await pushBytes(target, manifest, { mediaType, tag, replacing: digest, signal });
    this.images.set(tag, { tag, before: digest, after: descriptor.digest, original });
    return bytes;
  }

  /** The image from before the first repair is worth more than the result of an earlier repair. */
  async #keepOriginal(tag: string, descriptor: Descriptor): Promise<string> {
    const { mirror: target, run } = this.#context;
    const { signal } = run;
    const original = originalTag(tag);
    try {
      await target.resolve(original, { signal });
    } catch (error) {
      if (!isSpackOciError(error, "not-found")) throw error;
      await target.tag(descriptor, original, { signal });
    }
    return original;
  }
}
