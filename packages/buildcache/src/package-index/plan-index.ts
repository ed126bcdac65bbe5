// Works out what an index should hold: what it says already, the tags that it does not know, and what somebody knows.

import { isSpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import type { SpecDocument, SpecNode } from "@spack-oci/spack-spec";
import { asSpackOciError, isOutOfReach } from "../failures/failure.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { hashInTag, packageTag } from "../package-image/tags.js";
import type { Run } from "../schedule/run.js";
import { type SkippedTag, scanTags } from "./scan-tags.js";

/** What is known to be new, without asking for it. */
export interface IndexChange {
  /** Specs of images that were tagged just now, by tag. */
  readonly add?: ReadonlyMap<string, SpecDocument> | undefined;
  /** Tags that are about to be deleted; they are left out although they are there. */
  readonly remove?: ReadonlySet<string> | undefined;
  /** What the index is to say of itself, from what it says; throws where both exclude each other. */
  readonly annotate?: ((annotations: Annotations) => Annotations) | undefined;
  /** Reads every tag, also those that the index knows. */
  readonly rebuild?: boolean | undefined;
}

/** Packages by DAG hash. */
export type IndexedSpecs = ReadonlyMap<string, SpecDocument>;

/** What an index should hold, and how that differs from what it holds. */
export interface IndexPlan {
  readonly specs: IndexedSpecs;
  readonly added: readonly SpecNode[];
  readonly removed: readonly SpecNode[];
  /** Tags that could not be read. */
  readonly skipped: readonly SkippedTag[];
}

/** Remembers what it has read, so that planning again costs no request for it. */
export class IndexPlanner {
  readonly #target: Target;
  readonly #run: Run;
  readonly #remove: ReadonlySet<string>;
  readonly #rebuild: boolean;
  readonly #added: readonly string[];
  readonly #read: Map<string, SpecDocument>;
  readonly #skipped = new Map<string, SkippedTag>();

  constructor(target: Target, change: IndexChange, run: Run) {
    this.#target = target;
    this.#run = run;
    this.#remove = change.remove ?? new Set();
    this.#added = [...(change.add?.keys() ?? [])];
    this.#read = new Map(change.add);
    this.#rebuild = change.rebuild ?? false;
  }

  /**
   * @param entries what the index says
   * @param listed tags of packages, listed after the index was read
   * @throws SpackOciError where nothing that is there can be asked for
   */
  async plan(entries: IndexedSpecs, listed: readonly string[]): Promise<IndexPlan> {
    // Some registries list a tag a moment before it can be read.
    for (const [tag, { error }] of this.#skipped)
      if (error.kind === "not-found" || this.#isBelieved(tag, entries)) this.#skipped.delete(tag);
    const tags = [...new Set([...listed, ...this.#added])].filter((tag) => !this.#remove.has(tag));
    const specs = await this.#specsOf(tags, entries);
    const answered = new Set([...specs.keys(), ...tags.map(hashInTag)]);
    const unlisted = [...entries.values()].filter(({ root }) => !answered.has(root.hash));
    const found = await this.#specsOf(await this.#stillTagged(unlisted), entries);
    for (const [hash, spec] of found) specs.set(hash, spec);
    const skipped = [...this.#skipped.values()];
    const outOfReach = skipped.find(({ error }) => isOutOfReach(error));
    if (specs.size === 0 && outOfReach !== undefined) throw outOfReach.error;
    return { specs, added: without(specs, entries), removed: without(entries, specs), skipped };
  }

  async #specsOf(tags: readonly string[], entries: IndexedSpecs): Promise<Map<string, SpecDocument>> {
    await this.#readUnknown(tags, entries);
    const specs = new Map<string, SpecDocument>();
    for (const tag of tags) {
      const skipped = this.#skipped.get(tag);
      const mayBelieve = skipped === undefined || isOutOfReach(skipped.error);
      const spec = this.#read.get(tag) ?? (mayBelieve ? entryOf(tag, entries) : undefined);
      if (spec !== undefined) specs.set(spec.root.hash, spec);
    }
    return specs;
  }

  async #readUnknown(tags: readonly string[], entries: IndexedSpecs): Promise<void> {
    const isKnown = (tag: string) =>
      this.#read.has(tag) || this.#skipped.has(tag) || this.#isBelieved(tag, entries);
    const unknown = tags.filter((tag) => !isKnown(tag));
    const { roots, graph, skipped } = await scanTags(this.#target, unknown, this.#run);
    for (const [tag, root] of roots) this.#read.set(tag, { root, graph });
    for (const each of skipped) this.#skipped.set(each.tag, each);
  }

  #isBelieved(tag: string, entries: IndexedSpecs): boolean {
    return !this.#rebuild && entryOf(tag, entries) !== undefined;
  }

  /** A listing may be older than the last push; the tag itself tells. */
  async #stillTagged(specs: readonly SpecDocument[]): Promise<string[]> {
    const tags = specs.map(({ root }) => packageTag(root)).filter((tag) => !this.#remove.has(tag));
    const isThere = await Promise.all(
      tags.map((tag) => this.#run.scheduler.request(() => this.#isTagged(tag))),
    );
    return tags.filter((_tag, at) => isThere[at]);
  }

  async #isTagged(tag: string): Promise<boolean> {
    const { signal } = this.#run;
    try {
      await this.#target.resolve(tag, { signal });
      return true;
    } catch (error) {
      signal?.throwIfAborted();
      if (isSpackOciError(error, "not-found")) return false;
      this.#skipped.set(tag, { tag, error: asSpackOciError(error) });
      return true;
    }
  }
}

function entryOf(tag: string, entries: IndexedSpecs): SpecDocument | undefined {
  return entries.get(hashInTag(tag) ?? "");
}

function without(specs: IndexedSpecs, others: IndexedSpecs): SpecNode[] {
  return [...specs.values()].map(({ root }) => root).filter(({ hash }) => !others.has(hash));
}
