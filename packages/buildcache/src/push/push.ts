// The verb push: installed packages become images of a buildcache.
//
// planRequest -> readBaseImages -> copyBaseLayers -> PushRun (packPackage -> uploadLayer -> putImage) -> mergeIndex

import type { SpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import { readInstallDatabase, type Store } from "@spack-oci/spack-store";
import { type BaseImages, copyBaseLayers, readBaseImages } from "../base-image/prepare-base-images.js";
import { describePackage } from "../events.js";
import { asSpackOciError } from "../failure.js";
import { type MergeIndexResult, mergeIndex } from "../index/merge-index.js";
import { packageTags } from "../index/scan-tags.js";
import type { PackageResult } from "../schedule/run-packages.js";
import type { Scheduler } from "../schedule/scheduler.js";
import type { SpecRequest } from "../select/spec-request.js";
import { existingTags } from "./existing-tags.js";
import type { PushPlan } from "./plan-push.js";
import { planRequest } from "./plan-request.js";
import type { PushOptions } from "./push-options.js";
import { PushRun } from "./push-run.js";

export interface PushResult {
  readonly plan: PushPlan;
  /** One for each package that was to be pushed; empty after a dry run. */
  readonly packages: readonly PackageResult[];
  /** The index, or why it could not be written; undefined where it was not asked for, or nothing new is there. */
  readonly index:
    | MergeIndexResult
    | { readonly outcome: "failed"; readonly error: SpackOciError }
    | undefined;
}

/**
 * Pushes the installed packages that a request names, with what they need.
 *
 * A base image is looked at before anything is written, and its layers are there before any package is packed.
 * Blobs are sent before the images that refer to them, so that a tag is never incomplete. A package that fails does not
 * stop the others; those that run with it are skipped, and the next push makes up for them.
 *
 * @throws SpackOciError where the store cannot be read, a spec names nothing, the base image does not do, or the buildcache does not answer
 */
export async function push(
  store: Store,
  target: Target & TagLister,
  scheduler: Scheduler,
  request: SpecRequest,
  options: PushOptions = {},
): Promise<PushResult> {
  const { signal, listener } = options;
  const database = await readInstallDatabase(store);
  const [existing, elsewhere] = await Promise.all([
    existingTags(target, signal),
    options.excludeMirror === undefined ? [] : packageTags(options.excludeMirror, signal),
  ]);
  const plan = planRequest(store, database, request, options, {
    existing,
    elsewhere: new Set(elsewhere),
  });
  listener?.({ type: "planned", todo: plan.todo.length, present: plan.present.length });
  for (const node of plan.absent) {
    const message = `${describePackage(node)} is neither installed nor in ${target.name}; images that need it are made without it.`;
    listener?.({ type: "warning", message });
  }
  const bases: BaseImages =
    options.baseImage === undefined
      ? new Map()
      : await readBaseImages(
          options.baseImage,
          plan.todo.map((item) => item.node),
          signal,
        );
  if (options.dryRun === true) return { plan, packages: [], index: undefined };

  await copyBaseLayers(bases, target, scheduler, signal);
  const run = new PushRun(store, database, target, scheduler, options, plan, bases);
  const packages = await run.packages();
  const isWorthwhile = packages.length === 0 || packages.some(({ outcome }) => outcome === "done");
  if (options.updateIndex !== true || !isWorthwhile) return { plan, packages, index: undefined };
  try {
    const index = await mergeIndex(target, scheduler, { add: run.pushedSpecs }, { listener, signal });
    return { plan, packages, index };
  } catch (error) {
    // What became of the packages must not be lost over it.
    signal?.throwIfAborted();
    return { plan, packages, index: { outcome: "failed", error: asSpackOciError(error) } };
  }
}
