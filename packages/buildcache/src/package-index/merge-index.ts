// Brings the package index up to date beside other writers: read, merge, write, and read again.
//
// A round reads the index and then lists the tags. A package in the index without a tag has lost it, because every
// writer tags a package before adding it to the index. A round that finds every tag in the index ends the merge; any
// other round writes, and another one follows.
//
// That every package is in the index in the end needs no lock. Consider the last write of all. Its writer read the
// index again, found that very write, and then listed the tags: everything tagged until then is in it, or there would
// have been another write. A writer that tags later also reads the index later, finds its package missing, and
// writes, which contradicts that the write was the last.
//
// Writers that sign: see index-signatures.ts.

import { setTimeout as sleep } from "node:timers/promises";
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import type { Digest } from "@spack-oci/oci-client";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { PackageIndex } from "@spack-oci/spack-store";
import { type Annotations, isSameAnnotations } from "../package-image/image-manifest.js";
import { hashInTag, INDEX_TAG, isPackageTag } from "../package-image/tags.js";
import type { Buildcache, Run } from "../schedule/run.js";
import type { ImageSigner } from "../trust/image-signer.js";
import { allTagsIfAny } from "./all-tags.js";
import { IndexSignatures, type IndexStanding, TRUSTED } from "./index-signatures.js";
import { type IndexChange, type IndexedSpecs, type IndexPlan, IndexPlanner } from "./plan-index.js";
import { type IndexImage, readIndexImage, resolveIndex } from "./read-index.js";
import { packageTags, type SkippedTag } from "./scan-tags.js";
import { writeIndex } from "./write-index.js";

/** What to merge into the index, and how. */
export interface MergeIndexRequest extends IndexChange {
  /** Creates the buildcache if it does not exist. */
  readonly create?: boolean | undefined;
  /** Plans the merge, and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Signs the index. */
  readonly signer?: ImageSigner | undefined;
  /** Signs it even if it is up to date, so that its signature is not too old. */
  readonly renew?: boolean | undefined;
  /** Waits after another writer interfered for the n-th time; random, so that writers drift apart. */
  readonly pause?: ((times: number, signal?: AbortSignal) => Promise<unknown>) | undefined;
}

export interface MergeIndexResult {
  /** `planned` after a dry run. */
  readonly outcome: "written" | "unchanged" | "planned";
  /** Number of packages in the index. */
  readonly specs: number;
  /** Packages that were added to the index. */
  readonly added: readonly SpecNode[];
  /** Packages that were removed from the index. */
  readonly removed: readonly SpecNode[];
  /** Tags that could not be read. */
  readonly skipped: readonly SkippedTag[];
}

/**
 * Makes the index agree with the tags: adds new packages, removes those whose tag is gone, and trusts all other
 * entries. An index that is up to date is not written again.
 *
 * @param request what the caller has pushed, or is about to delete; merge again after deleting, to be sure
 * @throws SpackOciError if the buildcache is unreachable, its index has a newer format, or (`ERR_INDEX_BUSY`) other
 *   processes keep writing it
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
  throw new SpackOciError(
    "ERR_INDEX_BUSY",
    `The package index of ${target.name} is being updated by other processes.`,
    {
      kind: "conflict",
      place: `${target.name}:${INDEX_TAG}`,
      hint: `The packages are pushed. Run "spack-oci update-index" once the others are done.`,
    },
  );
}

/** Twenty concurrent writers need only a few. */
const MAX_ROUNDS = 20;

/** An index as it was read or written. */
interface KnownIndex {
  /** Undefined if it does not exist or cannot be used. */
  readonly image?: IndexImage | undefined;
  readonly specs?: IndexedSpecs | undefined;
  /** What a write must replace; undefined if that does not matter. */
  readonly replacing?: Digest | "nothing" | undefined;
  readonly standing: IndexStanding;
}

/** State that a merge keeps between its rounds. */
class IndexMerge {
  readonly #target: Buildcache;
  readonly #planner: IndexPlanner;
  readonly #request: MergeIndexRequest;
  readonly #run: Run;
  readonly #signatures: IndexSignatures;
  readonly #added = new Map<string, SpecNode>();
  readonly #removed = new Map<string, SpecNode>();
  #written: KnownIndex | undefined;
  #rejected: KnownIndex["replacing"];
  #timesOvertaken = 0;
  #hasWarned = false;
  /** All annotations seen in any round: another writer may not know them, and drop them. */
  #annotations: Annotations = new Map();

  constructor(target: Buildcache, request: MergeIndexRequest, run: Run) {
    this.#target = target;
    this.#planner = new IndexPlanner(target, request, run);
    this.#request = request;
    this.#run = run;
    this.#signatures = new IndexSignatures(target, request.signer);
  }

  /** @returns undefined if another round has to follow */
  async round(): Promise<MergeIndexResult | undefined> {
    const { dryRun, rebuild, renew, annotate = (annotations) => annotations } = this.#request;
    const { listener } = this.#run;
    this.#signatures.begin();
    const known = await this.#read();
    const annotations = annotate(this.#annotations);
    const tags = await this.#packageTags();
    const { isTrusted, isOutdated } = known.standing;
    const plan = await this.#planner.plan(known.specs ?? new Map(), tags, isTrusted);
    for (const node of plan.added) this.#added.set(node.hash, node);
    for (const node of plan.removed) this.#removed.set(node.hash, node);
    if (dryRun === true) return this.#result("planned", plan);
    const isAsked = rebuild === true || renew === true;
    const isRewritten = !isAsked || this.#written !== undefined;
    const isAnnotated = isSameAnnotations(known.image?.annotations, annotations);
    const isUpToDate =
      known.specs !== undefined && plan.added.length + plan.removed.length === 0 && isAnnotated;
    if (isRewritten && isUpToDate && isTrusted && !isOutdated)
      return this.#result(this.#written ? "written" : "unchanged", plan);
    listener?.({ type: "index", step: "writing", specs: plan.specs.size });
    const write = await this.#write(plan, known, annotations);
    return write === "unchanged" ? this.#result("unchanged", plan) : undefined;
  }

  async #packageTags(): Promise<string[]> {
    const { signal } = this.#run;
    if (this.#request.create !== true) return packageTags(this.#target, signal);
    return [...(await allTagsIfAny(this.#target, signal))].filter(isPackageTag).sort();
  }

  /** Reads the existing index; a broken one is going to be replaced. */
  async #read(): Promise<KnownIndex> {
    const { signal, listener } = this.#run;
    const { pause = randomPause } = this.#request;
    try {
      let image = await resolveIndex(this.#target, signal);
      const replacing = image?.digest ?? "nothing";
      if (replacing === this.#written?.replacing) return this.#written;
      if (this.#written !== undefined || this.#rejected !== undefined) {
        this.#timesOvertaken += 1;
        await pause(this.#timesOvertaken, signal);
        image = await resolveIndex(this.#target, signal);
      }
      this.#annotations = new Map([...this.#annotations, ...(image?.annotations ?? [])]);
      const standing = image === undefined ? TRUSTED : await this.#signatures.examine(image);
      if (!standing.isTrusted && image !== undefined) this.#warnOfReading(image);
      const specs = image && specsIn(await readIndexImage(this.#target, image, signal));
      return { image, specs, replacing: image?.digest ?? "nothing", standing };
    } catch (error) {
      if (!isSpackOciError(error, "corrupt") && !isSpackOciError(error, "not-found")) throw error;
      const message = `The existing package index cannot be used, and is rewritten: ${error.message}`;
      listener?.({ type: "warning", message, place: error.place });
      return { standing: TRUSTED };
    }
  }

  #warnOfReading({ signature }: IndexImage): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    const why = signature === undefined ? "is not signed" : "is signed by somebody else";
    const message = `The existing package index ${why}, so every package is read again.`;
    this.#run.listener?.({ type: "warning", message, place: `${this.#target.name}:${INDEX_TAG}` });
  }

  #warnOfUnsigned({ image }: KnownIndex): void {
    if (image?.signature === undefined || this.#signatures.isSigning) return;
    const message = `The package index of ${this.#target.name} was signed, and no longer is: readers who require signatures will reject it until somebody signs it ("spack-oci sign").`;
    this.#run.listener?.({ type: "warning", message, place: `${this.#target.name}:${INDEX_TAG}` });
  }

  /**
   * A target that rejects a write although nothing changed does not support conditions; the next write goes without.
   */
  async #write(
    { specs }: IndexPlan,
    known: KnownIndex,
    annotations: Annotations,
  ): Promise<"written" | "unchanged" | "rejected"> {
    const { image, replacing } = known;
    const isSupported = replacing !== this.#rejected;
    const { signal } = this.#run;
    const options = { annotations, replacing: isSupported ? replacing : undefined, signal };
    const signatures = this.#signatures.isSigning ? this.#signatures : undefined;
    try {
      const write = await writeIndex(this.#target, specs.values(), {
        current: image,
        signatures,
        ...options,
      });
      if (write.outcome === "written") this.#warnOfUnsigned(known);
      const { digest } = write.image;
      this.#written = { image: write.image, specs, replacing: digest, standing: TRUSTED };
      return write.outcome;
    } catch (error) {
      if (!isSpackOciError(error) || error.code !== "ERR_OCI_TAG_MOVED") throw error;
      this.#rejected = replacing;
      return "rejected";
    }
  }

  #result(outcome: MergeIndexResult["outcome"], { specs, skipped }: IndexPlan): MergeIndexResult {
    const { listener } = this.#run;
    for (const { tag, error } of skipped) {
      const isKept = specs.has(hashInTag(tag) ?? "");
      const fate = isKept
        ? "could not be read (its index entry is kept)"
        : "could not be read (left out of the index)";
      listener?.({ type: "warning", message: `${tag} ${fate}: ${error.message}`, place: error.place });
    }
    if (outcome !== "planned") listener?.({ type: "index", step: outcome, specs: specs.size });
    const [added, removed] = [this.#added, this.#removed].map((nodes) => [...nodes.values()]);
    return { outcome, specs: specs.size, added: added ?? [], removed: removed ?? [], skipped };
  }
}

function specsIn(index: PackageIndex): IndexedSpecs {
  return new Map(index.packages.map((root) => [root.hash, { root, graph: index.graph }]));
}

/** Milliseconds. */
const MAX_PAUSE_MS = 4000;

/** Up to 50 ms at first; the limit doubles each time. */
function randomPause(times: number, signal?: AbortSignal): Promise<unknown> {
  const limit = Math.min(MAX_PAUSE_MS, 25 * 2 ** times);
  return sleep(Math.random() * limit, undefined, signal === undefined ? {} : { signal });
}
