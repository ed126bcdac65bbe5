// The verb audit: reports the root that each package was packed below, and what incompatible roots will break.

import { isSpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import type { PackageIndex } from "@spack-oci/spack-store";
import { asSpackOciError } from "../../failures/failure.js";
import { findingOf } from "../../findings/error-finding.js";
import type { Finding } from "../../findings/finding.js";
import { readIndex } from "../../package-index/read-index.js";
import { packageTags } from "../../package-index/scan-tags.js";
import {
  type AuditedPackage,
  auditPackage,
  type PackageAuditContext,
} from "../../provenance/audit-package.js";
import type { Buildcache, Run, VerbContext } from "../../schedule/run.js";
import { type RootFinding, type RootSummary, rootFindings, rootsOf } from "./root-findings.js";

export interface AuditRequest {
  /** Reads each layer until it reveals where it was packed, even if that takes all of it. */
  readonly deep?: boolean | undefined;
}

export interface AuditResult {
  /** Sorted by tag. */
  readonly packages: readonly AuditedPackage[];
  /** The root with the most packages first. */
  readonly roots: readonly RootSummary[];
  readonly findings: readonly RootFinding[];
  /** Packages that could not be read. */
  readonly unread: readonly Finding[];
}

/**
 * The specs in the index; undefined if the index is missing or broken, since the config of each package has its spec
 * too.
 */
async function usableIndex(target: Target, { listener, signal }: Run): Promise<PackageIndex | undefined> {
  try {
    return await readIndex(target, signal);
  } catch (error) {
    if (!isSpackOciError(error, "corrupt") && !isSpackOciError(error, "not-found")) throw error;
    const message = `The package index cannot be used, so every config is read instead: ${error.message}`;
    listener?.({ type: "warning", message, place: error.place });
    return undefined;
  }
}

/**
 * Audits every package; no problem with one of them stops it. The first run costs a request for each manifest and one
 * or two for each layer. Results are cached by the digests of layers, so later runs read only manifests.
 *
 * @throws SpackOciError if tags cannot be listed, or the index is unreachable
 *
 * @example
 * ```ts
 * import { audit, createScheduler, openSession } from "@spack-oci/buildcache";
 *
 * const session = openSession({ environmentVariables: process.env });
 * const mirror = session.mirrors.open("oci-layout:buildcache", "fetch");
 * const { roots } = await audit(mirror, {}, { run: { scheduler: createScheduler(4) } });
 * console.log(roots.length); // 1
 * ```
 */
export async function audit(
  target: Buildcache,
  { deep = false }: AuditRequest,
  { run }: VerbContext,
): Promise<AuditResult> {
  const { scheduler, listener, signal } = run;
  const tags = await packageTags(target, signal);
  const index = await usableIndex(target, run);
  const context: PackageAuditContext = { target, index, deep };
  listener?.({ type: "planned", todo: tags.length, present: 0 });
  const packages: AuditedPackage[] = [];
  const unread: Finding[] = [];
  const auditOne = async (tag: string) => {
    try {
      packages.push(await auditPackage(tag, context, run));
    } catch (error) {
      signal?.throwIfAborted();
      unread.push(findingOf(tag, asSpackOciError(error), "missing-blob"));
    }
    listener?.({ type: "checked", tag });
  };
  await Promise.all(tags.map((tag) => scheduler.transfer(() => auditOne(tag))));
  packages.sort(byTag);
  const roots = rootsOf(packages);
  return { packages, roots, findings: rootFindings(packages, roots), unread: unread.sort(byTag) };
}

function byTag(one: { readonly tag: string }, other: { readonly tag: string }): number {
  return one.tag < other.tag ? -1 : one.tag > other.tag ? 1 : 0;
}
