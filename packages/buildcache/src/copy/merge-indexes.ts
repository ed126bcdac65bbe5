// Brings the index of a destination up to date with what was copied there, from the indexes of the sources.

import type { SpackOciError } from "@spack-oci/errors";
import type { Digest, TagLister, Target } from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-store";
import { asSpackOciError } from "../failure.js";
import { type MergeIndexResult, mergeIndex } from "../index/merge-index.js";
import { packagesIn, readIndex } from "../index/read-index.js";
import { indexTag, packageTag } from "../protocol/tags.js";
import type { Scheduler } from "../schedule/scheduler.js";
import { digestIfAny } from "./compare-digests.js";
import type { CopyMirrorOptions } from "./copy-options.js";

/** What has become of a destination's tags. */
export interface ChangedTags {
  /** Tags that were copied. */
  readonly added: readonly string[];
  /** Tags that both sides have now. */
  readonly there: ReadonlySet<string>;
  /** Tags that are about to be deleted. */
  readonly doomed: readonly string[];
}

/** Reads the sources' indexes once, and only when a destination's is to be changed. */
export class IndexMerger {
  readonly #sources: readonly (Target & TagLister)[];
  readonly #scheduler: Scheduler;
  readonly #options: CopyMirrorOptions;
  #digests: Promise<readonly (Digest | undefined)[]> | undefined;
  #specs: Promise<ReadonlyMap<string, SpecDocument>> | undefined;

  constructor(sources: readonly (Target & TagLister)[], scheduler: Scheduler, options: CopyMirrorOptions) {
    this.#sources = sources;
    this.#scheduler = scheduler;
    this.#options = options;
  }

  /**
   * Adds what was copied to the destination's index, and takes out what is about to go. What became of the tags must not be
   * lost over an index, so a failure is returned.
   *
   * @returns undefined where neither side has an index, or both have the same
   */
  async merge(
    destination: Target & TagLister,
    changed: ChangedTags,
  ): Promise<MergeIndexResult | { readonly outcome: "failed"; readonly error: SpackOciError } | undefined> {
    const { listener, signal } = this.#options;
    try {
      if (await this.#isSettled(destination, changed)) return undefined;
      this.#specs ??= this.#readSpecs();
      const add = new Map([...(await this.#specs)].filter(([tag]) => changed.there.has(tag)));
      const change = { add, remove: new Set(changed.doomed) };
      return await mergeIndex(destination, this.#scheduler, change, { listener, signal });
    } catch (error) {
      signal?.throwIfAborted();
      return { outcome: "failed", error: asSpackOciError(error) };
    }
  }

  async #isSettled(destination: Target, { added, doomed }: ChangedTags): Promise<boolean> {
    const { signal } = this.#options;
    this.#digests ??= Promise.all(this.#sources.map((source) => digestIfAny(source, indexTag, signal)));
    const [there, here] = await Promise.all([this.#digests, digestIfAny(destination, indexTag, signal)]);
    const isEqual = there.every((digest) => digest === here);
    return isEqual && (here === undefined || added.length + doomed.length === 0);
  }

  /** By tag; of several sources the first that has a package is believed. */
  async #readSpecs(): Promise<ReadonlyMap<string, SpecDocument>> {
    const specs = new Map<string, SpecDocument>();
    for (const source of this.#sources) {
      const index = await readIndex(source, this.#options.signal);
      if (index === undefined) continue;
      for (const root of packagesIn(index)) {
        const tag = packageTag(root);
        if (!specs.has(tag)) specs.set(tag, { root, graph: index.graph });
      }
    }
    return specs;
  }
}
