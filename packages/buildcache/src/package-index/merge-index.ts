// Brings the index up to date beside others who do the same: read, merge, write, and look again.
//
// A round reads the index and then lists the tags. So a package that is in the index and has no tag has lost it, because
// whoever puts a package into the index has tagged it before. A round that finds every tag in the index ends the merge;
// any other writes, and another round follows.
//
// That every package is in the index in the end needs no lock. Take the last write of all. Its writer looked again, found
// that very write, and then listed the tags: what was tagged until then is in it, or there would have been another write.
// Who tags later reads the index later too, finds it without the package, and writes, which would have been the last.

import { setTimeout as sleep } from "node:timers/promises";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import type { Digest } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { IndexDocument } from "@spack-oci/spack-store";
import { type Annotations, isSameAnnotations } from "../package-image/image-manifest.js";
import { hashInTag, INDEX_TAG, isPackageTag } from "../package-image/tags.js";
import type { Buildcache, Run } from "../schedule/run.js";
import { allTagsIfAny } from "./all-tags.js";
import { type IndexChange, type IndexedSpecs, type IndexPlan, IndexPlanner } from "./plan-index.js";
import { type IndexImage, packagesIn, readIndexImage, resolveIndex } from "./read-index.js";
import { packageTags, type SkippedTag } from "./scan-tags.js";
import { writeIndex } from "./write-index.js";

/** What to merge into the index, and how. */
export interface MergeIndexRequest extends IndexChange {
  /** Makes a buildcache where there is none. */
  readonly create?: boolean | undefined;
  /** Says what would be done, and does nothing. */
  readonly dryRun?: boolean | undefined;
  /** Waits after another writer came between for the n-th time; by chance, so that writers come apart. */
  readonly pause?: ((times: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
}

export interface MergeIndexResult {
  /** `planned` after a dry run. */
  readonly outcome: "written" | "unchanged" | "planned";
  /** Number of packages in the index. */
  readonly specs: number;
  /** Packages that were put into the index. */
  readonly added: readonly SpecNode[];
  /** Packages that were taken out of the index. */
  readonly removed: readonly SpecNode[];
  /** Tags that could not be read. */
  readonly skipped: readonly SkippedTag[];
}

/**
 * Makes the index agree with the tags: what is new is added, what has lost its tag is dropped, and everything else is
 * believed. An index that is right already is not written again.
 *
 * @param request what the caller has pushed, or is about to delete; after deleting, merging again makes sure of it
 * @throws SpackOciError where the buildcache is out of reach, its index is of a newer format, or (`ERR_INDEX_BUSY`) others
 *   keep writing it
 */
export async function mergeIndex(
  target: Buildcache,
  request: MergeIndexRequest,
  run: Run,
): Promise<MergeIndexResult> {
  run.listener?.({ type: "index", step: "reading", specs: 0 });
  const merge = new IndexMerge(target, request, run);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = await merge.round();
    if (result !== undefined) return result;
  }
  throw new SpackOciError("ERR_INDEX_BUSY", `Others keep writing the index of ${target.name}.`, {
    kind: "conflict",
    place: `${target.name}:${INDEX_TAG}`,
    hint: `The packages are there; run "spack-oci update-index" when the others are done.`,
  });
}

/** Twenty writers at once need a handful. */
const MAX_ROUNDS = 20;

/** An index as it was read or written. */
interface KnownIndex {
  /** Undefined where there is none, or what is there cannot be used. */
  readonly image?: IndexImage | undefined;
  readonly specs?: IndexedSpecs | undefined;
  /** What a write is to replace; undefined where that does not matter. */
  readonly replacing?: Digest | "nothing" | undefined;
}

/** What a merge remembers between its rounds. */
class IndexMerge {
  readonly #target: Buildcache;
  readonly #planner: IndexPlanner;
  readonly #request: MergeIndexRequest;
  readonly #run: Run;
  readonly #added = new Map<string, SpecNode>();
  readonly #removed = new Map<string, SpecNode>();
  #written: KnownIndex | undefined;
  #refused: KnownIndex["replacing"];
  #timesOvertaken = 0;
  /** Everything that was said of the index in any round: another writer may not know it, and drop it. */
  #annotations: Annotations = new Map();

  constructor(target: Buildcache, request: MergeIndexRequest, run: Run) {
    this.#target = target;
    this.#planner = new IndexPlanner(target, request, run);
    this.#request = request;
    this.#run = run;
  }

  /** @returns undefined where another round has to follow */
  async round(): Promise<MergeIndexResult | undefined> {
    const { dryRun, rebuild, annotate = (annotations) => annotations } = this.#request;
    const { listener } = this.#run;
    const known = await this.#read();
    const annotations = annotate(this.#annotations);
    const tags = await this.#packageTags();
    const plan = await this.#planner.plan(known.specs ?? new Map(), tags);
    for (const node of plan.added) this.#added.set(node.hash, node);
    for (const node of plan.removed) this.#removed.set(node.hash, node);
    if (dryRun === true) return this.#result("planned", plan);
    const isBelieved = rebuild !== true || this.#written !== undefined;
    const isAnnotated = isSameAnnotations(known.image?.annotations, annotations);
    const agrees = known.specs !== undefined && plan.added.length + plan.removed.length === 0 && isAnnotated;
    if (isBelieved && agrees) return this.#result(this.#written ? "written" : "unchanged", plan);
    listener?.({ type: "index", step: "writing", specs: plan.specs.size });
    const write = await this.#write(plan, known, annotations);
    return write === "unchanged" ? this.#result("unchanged", plan) : undefined;
  }

  async #packageTags(): Promise<string[]> {
    const { signal } = this.#run;
    if (this.#request.create !== true) return packageTags(this.#target, signal);
    return [...(await allTagsIfAny(this.#target, signal))].filter(isPackageTag).sort();
  }

  /** The index that is there; a broken one is about to be replaced. */
  async #read(): Promise<KnownIndex> {
    const { signal, listener } = this.#run;
    const { pause = pauseByChance } = this.#request;
    try {
      let image = await resolveIndex(this.#target, signal);
      const replacing = image?.digest ?? "nothing";
      if (replacing === this.#written?.replacing) return this.#written;
      if (this.#written !== undefined || this.#refused !== undefined) {
        this.#timesOvertaken += 1;
        await pause(this.#timesOvertaken, signal);
        image = await resolveIndex(this.#target, signal);
      }
      this.#annotations = new Map([...this.#annotations, ...(image?.annotations ?? [])]);
      const specs = image && specsIn(await readIndexImage(this.#target, image, signal));
      return { image, specs, replacing: image?.digest ?? "nothing" };
    } catch (error) {
      if (!isSpackOciError(error, "corrupt") && !isSpackOciError(error, "not-found")) throw error;
      const message = `The index that is there cannot be used, and is written anew: ${error.message}`;
      listener?.({ type: "warning", message, place: error.place });
      return {};
    }
  }

  /** A target that refuses to replace what is still there does not know what it says, and is not asked to look again. */
  async #write(
    { specs }: IndexPlan,
    { image, replacing }: KnownIndex,
    annotations: Annotations,
  ): Promise<"written" | "unchanged" | "refused"> {
    const isCredible = replacing !== this.#refused;
    const { signal } = this.#run;
    const options = { annotations, replacing: isCredible ? replacing : undefined, signal };
    try {
      const write = await writeIndex(this.#target, specs.values(), { current: image, ...options });
      this.#written = { image: write.image, specs, replacing: write.image.digest };
      return write.outcome;
    } catch (error) {
      if (!isSpackOciError(error) || error.code !== "ERR_OCI_TAG_MOVED") throw error;
      this.#refused = replacing;
      return "refused";
    }
  }

  #result(outcome: MergeIndexResult["outcome"], { specs, skipped }: IndexPlan): MergeIndexResult {
    const { listener } = this.#run;
    for (const { tag, error } of skipped) {
      const isKept = specs.has(hashInTag(tag) ?? "");
      const fate = isKept ? "keeps its place in the index unread" : "is left out of the index";
      listener?.({ type: "warning", message: `${tag} ${fate}: ${error.message}`, place: error.place });
    }
    if (outcome !== "planned") listener?.({ type: "index", step: outcome, specs: specs.size });
    const [added, removed] = [this.#added, this.#removed].map((nodes) => [...nodes.values()]);
    return { outcome, specs: specs.size, added: added ?? [], removed: removed ?? [], skipped };
  }
}

function specsIn(index: IndexDocument): IndexedSpecs {
  return new Map(packagesIn(index).map((root) => [root.hash, { root, graph: index.graph }]));
}

/** Milliseconds. */
const MAX_PAUSE_MS = 4000;

/** Up to 50 ms at first, and each time up to twice as long. */
function pauseByChance(times: number, signal?: AbortSignal): Promise<unknown> {
  const longest = Math.min(MAX_PAUSE_MS, 25 * 2 ** times);
  return sleep(Math.random() * longest, undefined, signal === undefined ? {} : { signal });
}
