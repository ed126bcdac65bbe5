// Verifies that specs of a package index or a lock file have the DAG hashes under which they are listed, before anything
// is planned by what they say.

import { isSpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import {
  fullClosure,
  type HashVerdict,
  isSplicedFrom,
  mayBeSplicedFrom,
  runtimeClosure,
  type SpecGraph,
  type SpecNode,
  verifyDagHash,
} from "@spack-oci/spack-spec";
import { describePackage } from "../events/events.js";
import { firstNames } from "../events/first-names.js";
import { inspectPackageManifest } from "../package-image/read-image.js";
import { hashMismatch } from "../package-image/require-spec.js";
import { verifyByLayer } from "../package-image/spliced-in-layer.js";
import { packageTag } from "../package-image/tags.js";
import type { Run } from "../schedule/run.js";

/** Specs to verify, and where to look for the build specs that spliced ones lack. */
export interface ListedSpecs {
  readonly graph: SpecGraph;
  /** DAG hashes. */
  readonly roots: readonly string[];
  /** What lists them, for messages. */
  readonly place: string;
  readonly mirrors: readonly Target[];
}

/** The maximum number of packages in a warning. */
const MAX_NAMES = 3;

/**
 * A DAG hash covers the hashes of all dependencies, so that nothing below a root can be exchanged either. Specs whose
 * hash cannot be computed, and build dependencies that do not match theirs, which are only recorded, cause warnings.
 *
 * @throws SpackOciError `ERR_DAG_HASH` (`corrupt`) if a root, or something that it links or runs with, does not match
 *   its hash; and of the mirrors
 */
export async function verifySpecs(listed: ListedSpecs, run: Run): Promise<void> {
  const { graph, roots, place } = listed;
  const needed = new Set(runtimeClosure(graph, roots).map(({ hash }) => hash));
  const unverifiable: string[] = [];
  for (const node of fullClosure(graph, roots)) {
    const verdict = await verdictOn(node, listed, run.signal);
    if (verdict === "match") continue;
    if (verdict === "mismatch" && needed.has(node.hash)) throw hashMismatch(node, place);
    unverifiable.push(describePackage(node));
  }
  if (unverifiable.length === 0) return;
  const names = firstNames(unverifiable, MAX_NAMES);
  const message = `The DAG hashes of ${names} in ${place} cannot be verified: they are spliced, from an older Spack, or build dependencies that have changed.`;
  run.listener?.({ type: "warning", message });
}

async function verdictOn(
  node: SpecNode,
  { graph, mirrors }: ListedSpecs,
  signal: AbortSignal | undefined,
): Promise<HashVerdict> {
  const verdict = verifyDagHash(node);
  if (verdict !== "mismatch") return verdict;
  for (const hash of graph.keys()) {
    // The graph of an index reads its nodes when they are requested.
    const built = mayBeSplicedFrom(node.hash, hash) ? graph.get(hash) : undefined;
    if (built !== undefined && isSplicedFrom(node, { name: built.name, hash })) return "match";
  }
  for (const mirror of mirrors) {
    const layer = await layerOf(mirror, node, signal);
    const other = layer && (await verifyByLayer(mirror, layer, { node, signal }));
    if (other !== undefined && other !== "mismatch") return other;
  }
  return "mismatch";
}

async function layerOf(mirror: Target, node: SpecNode, signal: AbortSignal | undefined) {
  try {
    return (await inspectPackageManifest(mirror, packageTag(node), signal)).layer;
  } catch (error) {
    if (isSpackOciError(error, "not-found") || isSpackOciError(error, "unsupported")) return undefined;
    throw error;
  }
}
