// Keeps the layers that images are made of: those of this push, and those that the buildcache already has.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { VerifiedTarget } from "../trust/image-verifier.js";
import type { PackageLayer } from "./package-layer.js";
import { readPackageImage } from "./read-image.js";
import { packageTag } from "./tags.js";

/** Reads each image of the buildcache once, when its layer is first needed. */
export class KnownLayers {
  readonly #target: VerifiedTarget;
  readonly #present: ReadonlySet<string>;
  readonly #signal: AbortSignal | undefined;
  readonly #pushed = new Map<string, PackageLayer>();
  readonly #inBuildcache = new Map<string, Promise<PackageLayer>>();

  /** @param present DAG hashes of packages that the buildcache has */
  constructor(target: VerifiedTarget, present: ReadonlySet<string>, signal: AbortSignal | undefined) {
    this.#target = target;
    this.#present = present;
    this.#signal = signal;
  }

  /** Adds a layer that was uploaded. */
  add(hash: string, layer: PackageLayer): void {
    this.#pushed.set(hash, layer);
  }

  /** Whether the layer of a package was uploaded. */
  has(hash: string): boolean {
    return this.#pushed.has(hash);
  }

  /** Layers in the order of their packages, without those that the push does not cover (Spack: `_oci_put_manifest`). */
  async of(packages: readonly SpecNode[]): Promise<PackageLayer[]> {
    const layers = await Promise.all(packages.map((node) => this.#layerOf(node)));
    return layers.filter((layer) => layer !== undefined);
  }

  async #layerOf(node: SpecNode): Promise<PackageLayer | undefined> {
    const known = this.#pushed.get(node.hash);
    if (known !== undefined || !this.#present.has(node.hash)) return known;
    let found = this.#inBuildcache.get(node.hash);
    if (found === undefined) {
      found = readPackageImage(this.#target, packageTag(node), this.#signal).then((image) => image.layer);
      this.#inBuildcache.set(node.hash, found);
    }
    return found;
  }
}
