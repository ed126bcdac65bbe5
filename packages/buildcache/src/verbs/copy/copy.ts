// The verb copy: copies packages between mirrors, digest by digest between buildcaches.
//
// openSource -> chooseTags -> for each destination: planDestination -> executePlan (copyTags -> mergeIndexes ->
// deleteTags); copyPackages if either side is a Spack v3 mirror

import { SpackOciError } from "@spack-oci/errors";
import type { Deleter } from "@spack-oci/oci-client";
import { requireDeletion } from "../../deletion/require-deletion.js";
import { describePackage } from "../../events/events.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import { buildcacheSink } from "../../sources/buildcache-sink.js";
import { buildcacheSource } from "../../sources/buildcache-source.js";
import { openSigner } from "../../sources/gpg/clearsign.js";
import { openVerifier } from "../../sources/gpg/verify-clearsigned.js";
import { v3Sink } from "../../sources/v3-mirror/v3-sink.js";
import { v3Source } from "../../sources/v3-mirror/v3-source.js";
import { type ChosenTags, chooseTags } from "./choose-tags.js";
import { copyPackages } from "./copy-packages.js";
import { type CopyRequest, type CopySourceMirror, isBuildcache, isV3Mirror } from "./copy-request.js";
import type { CopyOutcome, CopyResult } from "./copy-result.js";
import { openSource } from "./copy-source.js";
import { executePlan } from "./execute-plan.js";
import { IndexMerger } from "./merge-indexes.js";
import { type DestinationPlan, planDestination } from "./plan-destination.js";

/**
 * Copies what a request selects, from the first source that has it, to every destination: one destination after the
 * other, and many tags at once within each. All plans are complete, and deletions confirmed, before anything is
 * written. Digests do not change. A tag appears once everything it refers to exists; the package index of a
 * destination is merged last, and keeps the packages that only the destination has.
 *
 * From a Spack v3 mirror, an archive becomes a layer unchanged, with an image made for it as by a push. To one, only
 * the package's own layer and its spec are copied. Signatures of such mirrors are verified and made, but not copied.
 *
 * @throws SpackOciError if a mirror is unreachable, a spec matches nothing, or a deletion was not confirmed;
 *   `ERR_USAGE` for options that only copies between buildcaches support
 *
 * @example
 * ```ts
 * import { copy, createScheduler, list, openSession, requireAll } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const run = { scheduler: createScheduler(4) };
 * const from = [session.mirrors.openSource("oci-layout:buildcache")];
 * const to = [session.mirrors.openDestination("oci-layout:backup")];
 * for (const { tags } of await copy(from, { specs: ["margo-lite"], withBuildDependencies: false, to }, { run }))
 *   requireAll(tags);
 * const backup = session.mirrors.open("oci-layout:backup", "fetch");
 * console.log((await list(backup, { specs: ["margo-lite"] }, { run })).packages.length); // 1
 * console.log(mirror.name); // oci-layout:buildcache
 * ```
 */
export async function copy(
  from: readonly CopySourceMirror[],
  request: CopyRequest,
  { run }: VerbContext,
): Promise<readonly CopyResult[]> {
  const sources = from.filter(isBuildcache);
  const destinations = request.to.filter(isBuildcache);
  if (sources.length === from.length && destinations.length === request.to.length)
    return copyBuildcaches(sources, { ...request, to: destinations }, run);
  requireOneOfEach(from, request);
  return copyWithSignatures(from, request, run);
}

/** From or to a v3 mirror; gpg and its keys are looked for before anything is copied. */
async function copyWithSignatures(
  from: readonly CopySourceMirror[],
  request: CopyRequest,
  run: Run,
): Promise<readonly CopyResult[]> {
  const { to, signWith, verifySignatures } = request;
  const clearsign = signWith && to.some(isV3Mirror) ? await openSigner(signWith) : undefined;
  const verifier =
    verifySignatures && from.some(isV3Mirror) ? await openVerifier(verifySignatures) : undefined;
  try {
    const [source] = from.map((mirror) =>
      isV3Mirror(mirror) ? v3Source(mirror, verifier) : buildcacheSource(mirror),
    );
    const [sink] = to.map((mirror) =>
      isV3Mirror(mirror) ? v3Sink(mirror, clearsign) : buildcacheSink(mirror, request),
    );
    return source === undefined || sink === undefined
      ? []
      : [await copyPackages({ source, sink }, request, run)];
  } finally {
    await verifier?.close();
  }
}

/** Copies tags and everything that they refer to. */
async function copyBuildcaches(
  mirrors: readonly Buildcache[],
  request: CopyRequest & { readonly to: readonly Buildcache[] },
  run: Run,
): Promise<readonly CopyResult[]> {
  const { listener, signal } = run;
  const sources = await Promise.all(mirrors.map((mirror) => openSource(mirror, signal)));
  const chosen = await chooseTags(sources, request, run);
  for (const node of chosen.absent) {
    const message = `${describePackage(node)} is not in any source; packages that depend on it are copied without it.`;
    listener?.({ type: "warning", message });
  }
  const plans: DestinationPlan[] = [];
  for (const destination of request.to)
    plans.push(await planDestination(destination, { ...request, chosen }, run));
  if (request.dryRun === true) return plans.map((plan) => ({ ...resultOf(plan, chosen), ...NOTHING_DONE }));

  const confirm = request.confirmDeletion;
  const deleters: (Deleter | undefined)[] = [];
  for (const { destination, surplus } of plans)
    deleters.push(
      await requireDeletion(destination, surplus, { why: "are not in any source", confirm, signal }),
    );
  const indexes = new IndexMerger(mirrors, run, request.signer);
  const results: CopyResult[] = [];
  for (const [at, plan] of plans.entries()) {
    const outcome = await executePlan(plan, { indexes, deleter: deleters[at], signer: request.signer }, run);
    results.push({ ...resultOf(plan, chosen), ...outcome });
  }
  return results;
}

const NOTHING_DONE: CopyOutcome = { tags: [], deleted: [], index: undefined };

function resultOf(plan: DestinationPlan, { absent }: ChosenTags): Omit<CopyResult, keyof CopyOutcome> {
  const { destination, images, referrerLists, present, surplus } = plan;
  const planned = [...images, ...referrerLists].map(({ tag }) => tag);
  return { destination: destination.name, planned, present, absent, surplus, unverified: [] };
}

/** @throws SpackOciError of kind `usage` for options that only copies between buildcaches support */
function requireOneOfEach(
  from: readonly CopySourceMirror[],
  { to, delete: deletes, verify }: CopyRequest,
): void {
  const why =
    from.length > 1 || to.length > 1
      ? "A copy from or to a Spack v3 mirror takes one source and one destination."
      : from.every(isV3Mirror) && to.every(isV3Mirror)
        ? "Either the source or the destination must be a buildcache in a registry or an image layout."
        : deletes === true || verify === true
          ? "--delete and --verify are not supported for Spack v3 mirrors."
          : undefined;
  if (why === undefined) return;
  throw new SpackOciError("ERR_USAGE", why, { kind: "usage", hint: `See "spack-oci copy --help".` });
}
