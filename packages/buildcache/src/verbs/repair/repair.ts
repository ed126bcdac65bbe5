// The verb repair: packages that are not where a mirror's canonical install tree has them are put there.
//
// resolveInstallTree -> planRepair -> examine -> publishInstallTree -> RepairRun (fetch, relocate, pack -> uploadLayer -> replace the image)

import { SpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import { asSpackOciError } from "../../failures/failure.js";
import { type InstallTree, type InstallTreeRequest, installTree } from "../../install-tree/install-tree.js";
import type { RelocatedPackage } from "../../install-tree/relocated-package.js";
import {
  publishInstallTree,
  type RememberedInstallTree,
  resolveInstallTree,
} from "../../install-tree/resolve-install-tree.js";
import { type UnrelocatableError, unrelocatable } from "../../install-tree/unrelocatable-error.js";
import { withScratch } from "../../layers/scratch.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import { type MisplacedContext, withMisplaced } from "./fetch-misplaced.js";
import { planRepair, type RepairPlan } from "./plan-repair.js";
import { type RepairedImage, RepairRun, type UnreadPackage } from "./repair-run.js";

/** What becomes of the images that a repair replaces: they stay under tags of their own, nobody keeps them, or nothing is done. */
type OriginalsPolicy = "keep" | "drop" | "refuse";

export interface RepairRequest {
  /** As on a command line; every package if empty. */
  readonly specs: readonly string[];
  /** The canonical install tree of a mirror that has none yet. */
  readonly relocateTo?: InstallTreeRequest | undefined;
  /** What the user's configuration says of the mirror's install tree. */
  readonly rememberedInstallTree?: RememberedInstallTree | undefined;
  /** `keep` by default. */
  readonly originals?: OriginalsPolicy | undefined;
  /** Look through everything, and stop. */
  readonly dryRun?: boolean | undefined;
  /** The time that new images claim to be made at; now by default. */
  readonly createdAt?: Date | undefined;
}

export interface RepairResult {
  readonly tree: InstallTree;
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
 * @throws SpackOciError `ERR_NO_CANONICAL_TREE` and `ERR_REPAIR_REFUSED`, and those of `resolveInstallTree`, `planRepair` and
 *   `publishInstallTree`
 */
export async function repair(
  mirror: Buildcache,
  request: RepairRequest,
  { run }: VerbContext,
): Promise<RepairResult> {
  const { rememberedInstallTree: remembered, createdAt = new Date(), originals = "keep" } = request;
  const asked = request.relocateTo && installTree(request.relocateTo);
  const resolved = await resolveInstallTree(mirror, { asked, remembered }, run.signal);
  if (resolved === undefined) throw noInstallTree(mirror);
  const { tree } = resolved;
  const context = { mirror, tree, run };
  const plan = await planRepair(request.specs, context);
  if (originals === "refuse" && plan.todo.length > 0) throw refusal(mirror, plan);
  return withScratch(run.scratch, async (scratch) => {
    const { blocked, unread } = await examine(plan, { ...context, scratch });
    const looked = { tree, plan, unread, unrelocatable: blocked };
    if (request.dryRun === true) return { ...looked, packages: [], images: [] };
    await publishInstallTree(mirror, { ...resolved, remembered }, run);
    run.listener?.({ type: "planned", todo: plan.todo.length, present: plan.right.length });
    const keepOriginals = originals === "keep";
    const repairRun = new RepairRun(plan, { ...context, ...looked, scratch, keepOriginals, createdAt });
    const packages = await repairRun.run();
    return { ...looked, packages, images: [...repairRun.images.values()] };
  });
}

/** Nothing is kept of packages that nothing stands in the way of. */
async function examine(
  { todo }: RepairPlan,
  context: MisplacedContext,
): Promise<{ readonly blocked: UnrelocatableError | undefined; readonly unread: readonly UnreadPackage[] }> {
  const { tree, run } = context;
  const { scheduler, listener, signal } = run;
  const unread: UnreadPackage[] = [];
  const examined = todo
    .filter(({ isMisplaced }) => isMisplaced)
    .map((item) =>
      scheduler.transfer(async (): Promise<RelocatedPackage[]> => {
        try {
          signal?.throwIfAborted();
          return await withMisplaced(item, context, async (found) =>
            found.problems.length > 0 ? [found] : [],
          );
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

function noInstallTree({ name }: Target): SpackOciError {
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
