// The verb audit: below which root each package was packed, and what comes of roots that do not fit together.

import { isSpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import type { IndexDocument } from "@spack-oci/spack-store";
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
  /** Reads each layer until it says itself where it was packed, even if that takes all of it. */
  readonly deep?: boolean | undefined;
}

export interface AuditResult {
  /** By tag. */
  readonly packages: readonly AuditedPackage[];
  /** The root of most packages first. */
  readonly roots: readonly RootSummary[];
  readonly findings: readonly RootFinding[];
  /** Packages that could not be read. */
  readonly unread: readonly Finding[];
}

/** What the index says of specs; each package's own config says it too, where there is no index that can be read. */
async function usableIndex(target: Target, { listener, signal }: Run): Promise<IndexDocument | undefined> {
  try {
    return await readIndex(target, signal);
  } catch (error) {
    if (!isSpackOciError(error, "corrupt") && !isSpackOciError(error, "not-found")) throw error;
    const message = `The index cannot be used, and every config is read instead: ${error.message}`;
    listener?.({ type: "warning", message, place: error.place });
    return undefined;
  }
}

/**
 * Audits every package. Nothing that is wrong with one stops it. The first time costs a request for each manifest and one or
 * two for each layer; what layers tell is kept by their digests, so that the next time costs the manifests.
 *
 * @throws SpackOciError where tags cannot be listed, or the index is out of reach
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
