// Updates the index of a destination with the packages that were copied, from the indexes of the sources.

import type { Digest, Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { type Failed, orFailed } from "../../failures/failure.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import { INDEX_TAG, packageTag } from "../../package-image/tags.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import { readIndexImage } from "../../package-index/read-index.js";
import { resolveVerifiedIndex } from "../../package-index/verified-index.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import type { ImageSigner } from "../../trust/image-signer.js";
import { digestIfAny } from "./compare-digests.js";

/** How the tags of a destination have changed. */
export interface ChangedTags {
  /** Tags that were copied. */
  readonly added: readonly string[];
  /** Tags that both sides have by now. */
  readonly existing: ReadonlySet<string>;
  /** Tags that are about to be deleted. */
  readonly toDelete: readonly string[];
}

/** The contents of the sources' indexes. */
interface SourceContents {
  /** By tag. */
  readonly specs: ReadonlyMap<string, SpecDocument>;
  readonly annotations: Annotations;
}

/** Reads the sources' indexes once, and only if a destination's index has to change. */
export class IndexMerger {
  readonly #sources: readonly Buildcache[];
  readonly #run: Run;
  readonly #signer: ImageSigner | undefined;
  #digests: Promise<readonly (Digest | undefined)[]> | undefined;
  #contents: Promise<SourceContents> | undefined;

  /** @param signer signs the destination's index */
  constructor(sources: readonly Buildcache[], run: Run, signer: ImageSigner | undefined) {
    this.#signer = signer;
    this.#sources = sources;
    this.#run = run;
  }

  /**
   * Adds copied packages to the destination's index, and removes those about to be deleted. A failure is returned
   * rather than thrown, so that the results for tags are not lost.
   *
   * @returns undefined if neither side has an index, both have the same, or there is none yet and nothing to list
   */
  async merge(destination: Buildcache, changed: ChangedTags): Promise<MergeIndexResult | Failed | undefined> {
    return orFailed(async () => {
      const { isSettled, isNew } = await this.#compare(destination, changed);
      if (isSettled) return undefined;
      this.#contents ??= this.#readSources();
      const { specs, annotations } = await this.#contents;
      const add = new Map([...specs].filter(([tag]) => changed.existing.has(tag)));
      // A copy does not change the destination's own annotations, such as its install tree.
      const annotate = isNew ? (known: Annotations) => new Map([...annotations, ...known]) : undefined;
      const change = { add, remove: new Set(changed.toDelete), annotate, signer: this.#signer };
      return mergeIndex(destination, change, this.#run);
    }, this.#run.signal);
  }

  /** Whether there is nothing to do, and whether the destination has no index yet. */
  async #compare(
    destination: Target,
    { added, existing, toDelete }: ChangedTags,
  ): Promise<{ readonly isSettled: boolean; readonly isNew: boolean }> {
    const { signal } = this.#run;
    this.#digests ??= Promise.all(this.#sources.map((source) => digestIfAny(source, INDEX_TAG, signal)));
    const [sources, own] = await Promise.all([this.#digests, digestIfAny(destination, INDEX_TAG, signal)]);
    const isEqual = sources.every((digest) => digest === own);
    const isNew = own === undefined;
    // Nothing may exist at all if every tag failed.
    if (isNew && existing.size + toDelete.length === 0) return { isSettled: true, isNew };
    return { isSettled: isEqual && (isNew || added.length + toDelete.length === 0), isNew };
  }

  /** If several sources have an annotation or a spec, the first one wins. */
  async #readSources(): Promise<SourceContents> {
    const { signal } = this.#run;
    const specs = new Map<string, SpecDocument>();
    let annotations: Annotations = new Map();
    for (const source of this.#sources) {
      const image = await resolveVerifiedIndex(source, signal);
      if (image === undefined) continue;
      if (annotations.size === 0) annotations = image.annotations;
      const index = await readIndexImage(source, image, signal);
      for (const root of index.packages) {
        const tag = packageTag(root);
        if (!specs.has(tag)) specs.set(tag, { root, graph: index.graph });
      }
    }
    return { specs, annotations };
  }
}
