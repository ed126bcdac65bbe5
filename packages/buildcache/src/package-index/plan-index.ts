// Computes the packages that an index should list: its current entries, tags that it does not list, and the caller's
// changes.

import { isSpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import type { SpecDocument, SpecNode } from "@spack-oci/spack-spec";
import { asSpackOciError, isOutOfReach } from "../failures/failure.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { hashInTag, packageTag } from "../package-image/tags.js";
import type { Run } from "../schedule/run.js";
import { type SkippedTag, scanTags } from "./scan-tags.js";

/** Changes that the caller knows about, so that they need no requests. */
export interface IndexChange {
  /** Specs of images that were just tagged, by tag. */
  readonly add?: ReadonlyMap<string, SpecDocument> | undefined;
  /** Tags that are about to be deleted; they are left out although they still exist. */
  readonly remove?: ReadonlySet<string> | undefined;
  /** Computes the new annotations of the index from the existing ones; throws if they contradict each other. */
  readonly annotate?: ((annotations: Annotations) => Annotations) | undefined;
  /** Reads every tag, including those that the index lists. */
  readonly rebuild?: boolean | undefined;
}

/** Packages by DAG hash. */
export type IndexedSpecs = ReadonlyMap<string, SpecDocument>;

const NO_ENTRIES: IndexedSpecs = new Map();

/** The packages that an index should list, and how they differ from its entries. */
export interface IndexPlan {
  readonly specs: IndexedSpecs;
  readonly added: readonly SpecNode[];
  readonly removed: readonly SpecNode[];
  /** Tags that could not be read. */
  readonly skipped: readonly SkippedTag[];
}

/** Remembers what it has read, so that planning again costs no requests for it. */
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
   * @param entries the packages that the index lists
   * @param listed tags of packages, listed after the index was read
   * @param isTrusted whether entries can be taken over; if not, they only show what changes
   * @throws SpackOciError if the buildcache is unreachable
   */
  async plan(entries: IndexedSpecs, listed: readonly string[], isTrusted = true): Promise<IndexPlan> {
    const trusted = isTrusted ? entries : NO_ENTRIES;
    // Some registries list a tag a moment before it can be read.
    for (const [tag, { error }] of this.#skipped)
      if (error.kind === "not-found" || this.#isTrusted(tag, trusted)) this.#skipped.delete(tag);
    const tags = [...new Set([...listed, ...this.#added])].filter((tag) => !this.#remove.has(tag));
    const specs = await this.#specsOf(tags, trusted);
    const covered = new Set([...specs.keys(), ...tags.map(hashInTag)]);
    const unlisted = [...entries.values()].filter(({ root }) => !covered.has(root.hash));
    const found = await this.#specsOf(await this.#stillTagged(unlisted), trusted);
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
      const isTrusted = skipped === undefined || isOutOfReach(skipped.error);
      const spec = this.#read.get(tag) ?? (isTrusted ? entryOf(tag, entries) : undefined);
      if (spec !== undefined) specs.set(spec.root.hash, spec);
    }
    return specs;
  }

  async #readUnknown(tags: readonly string[], entries: IndexedSpecs): Promise<void> {
    const isKnown = (tag: string) =>
      this.#read.has(tag) || this.#skipped.has(tag) || this.#isTrusted(tag, entries);
    const unknown = tags.filter((tag) => !isKnown(tag));
    const { roots, graph, skipped } = await scanTags(this.#target, unknown, this.#run);
    for (const [tag, root] of roots) this.#read.set(tag, { root, graph });
    for (const each of skipped) this.#skipped.set(each.tag, each);
  }

  #isTrusted(tag: string, entries: IndexedSpecs): boolean {
    return !this.#rebuild && entryOf(tag, entries) !== undefined;
  }

  /** A listing may be older than the last push, so each tag is resolved. */
  async #stillTagged(specs: readonly SpecDocument[]): Promise<string[]> {
    const tags = specs.map(({ root }) => packageTag(root)).filter((tag) => !this.#remove.has(tag));
    const isTagged = await Promise.all(
      tags.map((tag) => this.#run.scheduler.request(() => this.#isTagged(tag))),
    );
    return tags.filter((_tag, at) => isTagged[at]);
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
