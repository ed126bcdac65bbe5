// The verb audit: below which root each package was packed, and what comes of roots that do not fit together.

import { isSpackOciError } from "@spack-oci/errors";
import type { TagLister, Target } from "@spack-oci/oci-client";
import type { IndexDocument } from "@spack-oci/spack-store";
import type { Listener } from "../../events/events.js";
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
import type { Scheduler } from "../../schedule/scheduler.js";
import { type RootFinding, type RootSummary, rootFindings, rootsOf } from "./root-findings.js";

export interface AuditOptions {
  /** Reads layers until they say themselves where they were packed, even where that takes all of them. */
  readonly deep?: boolean | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
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
async function usableIndex(
  target: Target,
  { listener, signal }: AuditOptions,
): Promise<IndexDocument | undefined> {
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
  target: Target & TagLister,
  scheduler: Scheduler,
  options: AuditOptions = {},
): Promise<AuditResult> {
  const { deep = false, listener, signal } = options;
  const tags = await packageTags(target, signal);
  const index = await usableIndex(target, options);
  const context: PackageAuditContext = { target, scheduler, index, deep, signal };
  listener?.({ type: "planned", todo: tags.length, present: 0 });
  const packages: AuditedPackage[] = [];
  const unread: Finding[] = [];
  const auditOne = async (tag: string) => {
    try {
      packages.push(await auditPackage(tag, context));
    } catch (error) {
      signal?.throwIfAborted();
      unread.push(findingOf(tag, asSpackOciError(error), "missing-blob"));
    }
    listener?.({ type: "checked", tag });
  };
  await Promise.all(tags.map((tag) => scheduler.heavy(() => auditOne(tag))));
  packages.sort(byTag);
  const roots = rootsOf(packages);
  return { packages, roots, findings: rootFindings(packages, roots), unread: unread.sort(byTag) };
}

function byTag(one: { readonly tag: string }, other: { readonly tag: string }): number {
  return one.tag < other.tag ? -1 : one.tag > other.tag ? 1 : 0;
}
