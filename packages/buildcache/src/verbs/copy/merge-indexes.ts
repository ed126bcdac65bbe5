// Brings the index of a destination up to date with what was copied there, from the indexes of the sources.

import type { Digest, Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { type Failed, orFailed } from "../../failures/failure.js";
import type { Annotations } from "../../package-image/image-manifest.js";
import { INDEX_TAG, packageTag } from "../../package-image/tags.js";
import { type MergeIndexResult, mergeIndex } from "../../package-index/merge-index.js";
import { packagesIn, readIndexImage, resolveIndex } from "../../package-index/read-index.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import { digestIfAny } from "./compare-digests.js";

/** What has become of a destination's tags. */
export interface ChangedTags {
  /** Tags that were copied. */
  readonly added: readonly string[];
  /** Tags that both sides have now. */
  readonly there: ReadonlySet<string>;
  /** Tags that are about to be deleted. */
  readonly toDelete: readonly string[];
}

/** What the indexes of the sources say. */
interface SourceContents {
  /** By tag. */
  readonly specs: ReadonlyMap<string, SpecDocument>;
  readonly annotations: Annotations;
}

/** Reads the sources' indexes once, and only when a destination's is to be changed. */
export class IndexMerger {
  readonly #sources: readonly Buildcache[];
  readonly #run: Run;
  #digests: Promise<readonly (Digest | undefined)[]> | undefined;
  #contents: Promise<SourceContents> | undefined;

  constructor(sources: readonly Buildcache[], run: Run) {
    this.#sources = sources;
    this.#run = run;
  }

  /**
   * Adds what was copied to the destination's index, and takes out what is about to go. What became of the tags must not be
   * lost over an index, so a failure is returned.
   *
   * @returns undefined where neither side has an index, or both have the same
   */
  async merge(destination: Buildcache, changed: ChangedTags): Promise<MergeIndexResult | Failed | undefined> {
    return orFailed(async () => {
      const { isSettled, isNew } = await this.#compare(destination, changed);
      if (isSettled) return undefined;
      this.#contents ??= this.#readSources();
      const { specs, annotations } = await this.#contents;
      const add = new Map([...specs].filter(([tag]) => changed.there.has(tag)));
      // What a mirror is for, such as its canonical install tree, is not decided anew by a copy.
      const annotate = isNew ? (known: Annotations) => new Map([...annotations, ...known]) : undefined;
      const change = { add, remove: new Set(changed.toDelete), annotate };
      return mergeIndex(destination, change, this.#run);
    }, this.#run.signal);
  }

  /** Whether nothing is to be done, and whether the destination has no index yet. */
  async #compare(
    destination: Target,
    { added, toDelete }: ChangedTags,
  ): Promise<{ readonly isSettled: boolean; readonly isNew: boolean }> {
    const { signal } = this.#run;
    this.#digests ??= Promise.all(this.#sources.map((source) => digestIfAny(source, INDEX_TAG, signal)));
    const [there, here] = await Promise.all([this.#digests, digestIfAny(destination, INDEX_TAG, signal)]);
    const isEqual = there.every((digest) => digest === here);
    const isNew = here === undefined;
    return { isSettled: isEqual && (isNew || added.length + toDelete.length === 0), isNew };
  }

  /** Of several sources the first that says something is believed. */
  async #readSources(): Promise<SourceContents> {
    const { signal } = this.#run;
    const specs = new Map<string, SpecDocument>();
    let annotations: Annotations = new Map();
    for (const source of this.#sources) {
      const image = await resolveIndex(source, signal);
      if (image === undefined) continue;
      if (annotations.size === 0) annotations = image.annotations;
      const index = await readIndexImage(source, image, signal);
      for (const root of packagesIn(index)) {
        const tag = packageTag(root);
        if (!specs.has(tag)) specs.set(tag, { root, graph: index.graph });
      }
    }
    return { specs, annotations };
  }
}
