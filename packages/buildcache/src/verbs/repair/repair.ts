// The verb repair: packages that are not where a mirror's canonical install tree has them are put there.
//
// settleTree -> planRepair -> examine -> agreeOnTree -> RepairRun (fetch, relocate, pack -> uploadLayer -> replace the image)

import { SpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import type { Listener } from "../../events/events.js";
import { asSpackOciError } from "../../failures/failure.js";
import type { CanonicalPackage } from "../../install-tree/canonical-package.js";
import { type CanonicalTree, canonicalTree, type TreeRequest } from "../../install-tree/canonical-tree.js";
import { agreeOnTree, type RememberedTree, settleTree } from "../../install-tree/settle-tree.js";
import { type UnrelocatableError, unrelocatable } from "../../install-tree/unrelocatable-error.js";
import { withScratch } from "../../layers/scratch.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import { type FetchAstrayContext, withAstray } from "./fetch-astray.js";
import { planRepair, type RepairPlan } from "./plan-repair.js";
import { type RepairedImage, RepairRun, type UnreadPackage } from "./repair-run.js";

/** What becomes of the images that a repair replaces: they stay under tags of their own, nobody keeps them, or nothing is done. */
export type OriginalsPolicy = "keep" | "drop" | "refuse";

export interface RepairOptions {
  /** The canonical install tree of a mirror that has none yet. */
  readonly relocateTo?: TreeRequest | undefined;
  /** What the user's configuration says of the mirror's install tree. */
  readonly rememberedTree?: RememberedTree | undefined;
  /** `keep` by default. */
  readonly originals?: OriginalsPolicy | undefined;
  /** Look through everything, and stop. */
  readonly dryRun?: boolean | undefined;
  /** Where packages are unpacked, the system's temporary directory by default. */
  readonly scratchDirectory?: string | undefined;
  /** The time that new images claim to be made at; now by default. */
  readonly createdAt?: Date | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RepairResult {
  readonly tree: CanonicalTree;
  readonly plan: RepairPlan;
  /** Packages that are astray and cannot be looked through. */
  readonly unread: readonly UnreadPackage[];
  /** What cannot be relocated, if anything. */
  readonly unrelocatable: UnrelocatableError | undefined;
  /** One for each package whose image was to change; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  readonly images: readonly RepairedImage[];
}

/**
 * Looks through every package that is astray before anything is written, so that one report has all that cannot be relocated;
 * what runs with one of these stays as it is too. Each package is on disk for as long as it is worked on, twice.
 *
 * @throws SpackOciError `ERR_NO_CANONICAL_TREE` and `ERR_REPAIR_REFUSED`, and those of `settleTree`, `planRepair` and
 *   `agreeOnTree`
 */
export async function repair(
  target: Target & TagLister,
  scheduler: Scheduler,
  specs: readonly string[],
  options: RepairOptions = {},
): Promise<RepairResult> {
  const { rememberedTree, listener, signal, createdAt = new Date(), originals = "keep" } = options;
  const asked = options.relocateTo && canonicalTree(options.relocateTo);
  const settled = await settleTree(target, asked, rememberedTree, signal);
  if (settled === undefined) throw noTree(target);
  const { tree } = settled;
  const context = { target, scheduler, tree, listener, signal };
  const plan = await planRepair(specs, context);
  if (originals === "refuse" && plan.todo.length > 0) throw refusal(target, plan);
  return withScratch(options.scratchDirectory, async (scratch) => {
    const { blocked, unread } = await examine(plan, { ...context, scratch });
    const looked = { tree, plan, unread, unrelocatable: blocked };
    if (options.dryRun === true) return { ...looked, packages: [], images: [] };
    await agreeOnTree(target, scheduler, settled, rememberedTree, { listener, signal });
    listener?.({ type: "planned", todo: plan.todo.length, present: plan.right.length });
    const keepOriginals = originals === "keep";
    const run = new RepairRun(plan, { ...context, ...looked, scratch, keepOriginals, createdAt });
    const packages = await run.packages();
    return { ...looked, packages, images: [...run.images.values()] };
  });
}

/** Nothing is kept of packages that nothing stands in the way of. */
async function examine(
  { todo }: RepairPlan,
  context: FetchAstrayContext,
): Promise<{ readonly blocked: UnrelocatableError | undefined; readonly unread: readonly UnreadPackage[] }> {
  const { scheduler, tree, listener, signal } = context;
  const unread: UnreadPackage[] = [];
  const examined = todo
    .filter(({ isAstray }) => isAstray)
    .map((item) =>
      scheduler.heavy(async (): Promise<CanonicalPackage[]> => {
        try {
          signal?.throwIfAborted();
          return await withAstray(item, context, async (found) => (found.problems.length > 0 ? [found] : []));
        } catch (error) {
          signal?.throwIfAborted();
          unread.push({ item, error: asSpackOciError(error) });
          return [];
        }
      }),
    );
  const blocked = unrelocatable(tree, (await Promise.all(examined)).flat());
  if (blocked !== undefined) listener?.({ type: "unrelocatable", error: blocked });
  return { blocked, unread };
}

function noTree({ name }: Target): SpackOciError {
  return new SpackOciError("ERR_NO_CANONICAL_TREE", `${name} has no canonical install tree.`, {
    kind: "usage",
    place: name,
    hint: `Name the root that all packages are to be below with "--relocate-to ROOT".`,
  });
}

function refusal({ name }: Target, { todo }: RepairPlan): SpackOciError {
  const tags = todo.map(({ tag }) => `  ${tag}`).join("\n");
  const count = todo.length === 1 ? "1 image" : `${todo.length} images`;
  return new SpackOciError("ERR_REPAIR_REFUSED", `${count} of ${name} would get other digests:\n${tags}`, {
    kind: "conflict",
    place: name,
    hint: `Keep them under tags of their own with "--originals keep".`,
  });
}
