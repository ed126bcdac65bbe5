// Plans a prune: which packages to delete, and in which order.

import type { Target } from "@spack-oci/oci-client";
import { type SpecNode, topological } from "@spack-oci/spack-spec";
import { asSpackOciError } from "../../failures/failure.js";
import { inspectPackageImage } from "../../package-image/read-image.js";
import type { SkippedTag } from "../../package-index/scan-tags.js";
import type { Buildcache, Run } from "../../schedule/run.js";
import { takeInventory } from "./inventory.js";
import { closureOf, keptRoots } from "./kept-packages.js";
import type { PruneRequest } from "./prune-request.js";

/** A package in a buildcache. */
interface PruneItem {
  readonly node: SpecNode;
  readonly tag: string;
}

/** What a prune will do. */
export interface PrunePlan {
  /** Packages to delete; dependents before dependencies, so that no package is left without its dependencies. */
  readonly toDelete: readonly PruneItem[];
  readonly kept: readonly PruneItem[];
  /** Tags of other images. They are kept, and registries keep the layers that they need. */
  readonly others: readonly string[];
  /** Tags that could not be read. They are kept. */
  readonly unreadable: readonly SkippedTag[];
  /** DAG hashes on the keep list that do not exist in the buildcache. */
  readonly absent: readonly string[];
  readonly hasIndex: boolean;
}

/** @throws SpackOciError the errors of `keptRoots`, of the index, and the target's own */
export async function planPrune(target: Buildcache, request: PruneRequest, run: Run): Promise<PrunePlan> {
  const inventory = await takeInventory(target, run);
  const { roots, graph, absent } = keptRoots(request, inventory, target.name);
  const items = [...inventory.packages].map(([tag, node]) => ({ tag, node }));
  const keptAtFirst = closureOf(graph, roots, request);
  const candidates = items.filter(({ node }) => !keptAtFirst.has(node.hash));
  const { recent, unreadable } = await findRecent(target, { candidates, olderThan: request.olderThan }, run);
  const kept = closureOf(graph, [...roots, ...recent], request);
  const toDelete = candidates.filter(({ node }) => !kept.has(node.hash));
  return {
    toDelete: dependentsFirst(graph, toDelete),
    kept: items.filter(({ node }) => kept.has(node.hash)),
    others: inventory.others,
    unreadable: [...inventory.unreadable, ...unreadable],
    absent,
    hasIndex: inventory.hasIndex,
  };
}

/** The packages that are not known to be old enough to delete. */
async function findRecent(
  target: Target,
  {
    candidates,
    olderThan,
  }: { readonly candidates: readonly PruneItem[]; readonly olderThan: Date | undefined },
  { scheduler, signal }: Run,
): Promise<{ recent: string[]; unreadable: SkippedTag[] }> {
  const recent: string[] = [];
  const unreadable: SkippedTag[] = [];
  if (olderThan === undefined) return { recent, unreadable };
  const checkAge = async ({ tag, node }: PruneItem): Promise<void> => {
    try {
      const { packedAt } = (await scheduler.request(() => inspectPackageImage(target, tag, signal))).config;
      if (packedAt === undefined || packedAt >= olderThan) recent.push(node.hash);
    } catch (error) {
      signal?.throwIfAborted();
      recent.push(node.hash);
      unreadable.push({ tag, error: asSpackOciError(error) });
    }
  };
  await Promise.all(candidates.map(checkAge));
  return { recent, unreadable };
}

function dependentsFirst(graph: ReadonlyMap<string, SpecNode>, items: readonly PruneItem[]): PruneItem[] {
  const byHash = new Map(items.map((item) => [item.node.hash, item]));
  return topological(graph, [...byHash.keys()]).flatMap((node) => byHash.get(node.hash) ?? []);
}
