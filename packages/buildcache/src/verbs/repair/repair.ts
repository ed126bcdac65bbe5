// The verb repair: relocates misplaced packages into the buildcache's install tree.
//
// resolveInstallTree -> planRepair -> examine -> publishInstallTree -> RepairRun (fetch, relocate, pack ->
// uploadLayer -> replace the image)

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
import type { ImageSigner } from "../../trust/image-signer.js";
import { type MisplacedContext, withMisplaced } from "./fetch-misplaced.js";
import { planRepair, type RepairPlan } from "./plan-repair.js";
import { type RepairedImage, RepairRun, type UnreadPackage } from "./repair-run.js";

/**
 * What happens to the images that a repair replaces: they are kept under other tags, dropped, or nothing is repaired.
 */
type OriginalsPolicy = "keep" | "drop" | "refuse";

export interface RepairRequest {
  /** As on a command line; every package if empty. */
  readonly specs: readonly string[];
  /** The install tree for a buildcache that has none yet. */
  readonly relocateTo?: InstallTreeRequest | undefined;
  /** The install tree that the user's configuration has for the buildcache. */
  readonly rememberedInstallTree?: RememberedInstallTree | undefined;
  /** `keep` by default. */
  readonly originals?: OriginalsPolicy | undefined;
  /** Scans everything, and stops. */
  readonly dryRun?: boolean | undefined;
  /** The creation time of new images; now by default. */
  readonly createdAt?: Date | undefined;
  /** Signs the new images; the signatures of those that they replace do not count for them. */
  readonly signer?: ImageSigner | undefined;
}

export interface RepairResult {
  readonly tree: InstallTree;
  readonly plan: RepairPlan;
  /** Misplaced packages that could not be scanned. */
  readonly unread: readonly UnreadPackage[];
  /** The packages that cannot be relocated, if any. */
  readonly unrelocatable: UnrelocatableError | undefined;
  /** One for each package whose image has to change; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  readonly images: readonly RepairedImage[];
}

/**
 * Scans every misplaced package before anything is written, so that one report lists everything that cannot be
 * relocated; dependents of such packages are left unchanged too. Each package is fetched twice, and on disk only
 * while it is processed.
 *
 * @throws SpackOciError `ERR_NO_CANONICAL_TREE` and `ERR_REPAIR_REFUSED`, and those of `resolveInstallTree`,
 *   `planRepair` and `publishInstallTree`
 */
export async function repair(
  mirror: Buildcache,
  request: RepairRequest,
  { run }: VerbContext,
): Promise<RepairResult> {
  const { rememberedInstallTree: remembered, createdAt = new Date(), originals = "keep" } = request;
  const requested = request.relocateTo && installTree(request.relocateTo);
  const resolved = await resolveInstallTree(mirror, { requested, remembered }, run.signal);
  if (resolved === undefined) throw noInstallTree(mirror);
  const { tree } = resolved;
  const context = { mirror, tree, run };
  const plan = await planRepair(request.specs, context);
  if (originals === "refuse" && plan.todo.length > 0) throw refusal(mirror, plan);
  return withScratch(run.scratch, async (scratch) => {
    const { blocked, unread } = await examine(plan, { ...context, scratch });
    const scanned = { tree, plan, unread, unrelocatable: blocked };
    if (request.dryRun === true) return { ...scanned, packages: [], images: [] };
    await publishInstallTree(mirror, { ...resolved, remembered, signer: request.signer }, run);
    run.listener?.({ type: "planned", todo: plan.todo.length, present: plan.right.length });
    const keepOriginals = originals === "keep";
    const settings = { keepOriginals, createdAt, signer: request.signer };
    const repairRun = new RepairRun(plan, { ...context, ...scanned, ...settings, scratch });
    const packages = await repairRun.run();
    return { ...scanned, packages, images: [...repairRun.images.values()] };
  });
}

/** Keeps no data of packages without problems. */
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
  return new SpackOciError("ERR_NO_CANONICAL_TREE", `${name} has no install tree.`, {
    kind: "usage",
    place: name,
    hint: `Specify the root for all packages with "--relocate-to ROOT".`,
  });
}

function refusal({ name }: Target, { todo }: RepairPlan): SpackOciError {
  const tags = todo.map(({ tag }) => `  ${tag}`).join("\n");
  const count = todo.length === 1 ? "1 image" : `${todo.length} images`;
  return new SpackOciError("ERR_REPAIR_REFUSED", `${count} of ${name} would get other digests:\n${tags}`, {
    kind: "conflict",
    place: name,
    hint: `Keep the former images under other tags with "--originals keep".`,
  });
}
