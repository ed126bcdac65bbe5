// Collects what bills of materials say about packages besides their specs, each package once.

import type { ImageLocation, PackageFacts } from "@spack-oci/bill-of-materials";
import type { Descriptor } from "@spack-oci/oci-client";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { inspectPackageManifest } from "../package-image/read-image.js";
import { packageTag } from "../package-image/tags.js";
import type { Buildcache } from "../schedule/run.js";
import { readRecipeInLayer } from "./read-recipe.js";
import { recipeFacts } from "./recipe-facts.js";

/** A package's image, as far as bills of materials mention it. */
export interface BilledImage {
  readonly manifest: Descriptor;
  /** The package's own layer. */
  readonly layer: Descriptor;
}

export interface FactSources {
  /** Tags of packages that can be read. */
  readonly tags: ReadonlySet<string>;
  /** The recipe of a package that is installed; undefined to read it from its layer. */
  readonly installedRecipe?: ((node: SpecNode) => Promise<string | undefined>) | undefined;
  readonly signal: AbortSignal | undefined;
}

export class KnownFacts {
  readonly #mirror: Buildcache;
  readonly #sources: FactSources;
  readonly #images = new Map<string, BilledImage>();
  readonly #facts = new Map<string, Promise<PackageFacts>>();

  constructor(mirror: Buildcache, sources: FactSources) {
    this.#mirror = mirror;
    this.#sources = sources;
  }

  /** Adds an image that need not be read, because it was just made. */
  add(hash: string, image: BilledImage): void {
    this.#images.set(hash, image);
  }

  /**
   * Nothing is known of externals, and of packages that the buildcache does not have.
   *
   * @throws SpackOciError of the buildcache
   */
  of(node: SpecNode, graph: SpecGraph): Promise<PackageFacts> {
    const found = this.#facts.get(node.hash) ?? this.#find(node, graph);
    this.#facts.set(node.hash, found);
    return found;
  }

  async #find(node: SpecNode, graph: SpecGraph): Promise<PackageFacts> {
    const image = await this.#imageOf(node);
    if (image === undefined) return {};
    const { manifest, layer } = image;
    const { signal, installedRecipe } = this.#sources;
    const text =
      (await installedRecipe?.(node)) ?? (await readRecipeInLayer(this.#mirror, layer, { node, signal }));
    return {
      ...(text === undefined ? {} : recipeFacts(text, node, graph)),
      layer: { digest: layer.digest, size: layer.size },
      image: locationOf(this.#mirror.name, { tag: packageTag(node), digest: manifest.digest }),
    };
  }

  async #imageOf(node: SpecNode): Promise<BilledImage | undefined> {
    const known = this.#images.get(node.hash);
    const tag = packageTag(node);
    if (known !== undefined || node.external !== undefined || !this.#sources.tags.has(tag)) return known;
    const { fetched, layer } = await inspectPackageManifest(this.#mirror, tag, this.#sources.signal);
    return { manifest: fetched.descriptor, layer };
  }
}

/** The name of a target without its scheme. */
function locationOf(name: string, image: Pick<ImageLocation, "tag" | "digest">): ImageLocation {
  return { repository: name.replace(/^[a-z+-]+:(?:\/\/)?/, ""), ...image };
}
