// Takes an inventory of a buildcache, tag by tag: trusts the index, and reads the packages that it does not list.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { isOutOfReach } from "../../failures/failure.js";
import { hashInTag, INDEX_TAG, isPackageTag, packageTag } from "../../package-image/tags.js";
import { readIndex } from "../../package-index/read-index.js";
import { type SkippedTag, scanTags } from "../../package-index/scan-tags.js";
import type { Buildcache, Run } from "../../schedule/run.js";

/** The tags of a buildcache. */
export interface Inventory {
  /** Packages by their tag. */
  readonly packages: ReadonlyMap<string, SpecNode>;
  /** All known specs of the packages and of their dependencies. */
  readonly graph: SpecGraph;
  /** Tags of other images, except for the index. */
  readonly others: readonly string[];
  /** Tags that look like packages but could not be read. */
  readonly unreadable: readonly SkippedTag[];
  readonly hasIndex: boolean;
}

/**
 * @throws SpackOciError the errors of the index, and the target's own, also if a single tag is unreachable: its
 *   dependencies would be unknown
 */
export async function takeInventory(target: Buildcache, run: Run): Promise<Inventory> {
  const { signal } = run;
  const index = await readIndex(target, signal);
  const packages = new Map<string, SpecNode>();
  const unknown: string[] = [];
  const others: string[] = [];
  for await (const tag of target.tags({ signal })) {
    const node = index?.graph.get(hashInTag(tag) ?? "");
    if (tag === INDEX_TAG) continue;
    if (!isPackageTag(tag)) others.push(tag);
    else if (node !== undefined && packageTag(node) === tag) packages.set(tag, node);
    else unknown.push(tag);
  }
  const scanned = await scanTags(target, unknown, run);
  const outOfReach = scanned.skipped.find(({ error }) => isOutOfReach(error));
  if (outOfReach !== undefined) throw outOfReach.error;
  for (const [tag, root] of scanned.roots) packages.set(tag, root);
  const graph = new Map([...scanned.graph, ...(index?.graph ?? [])]);
  return { packages, graph, others, unreadable: scanned.skipped, hasIndex: index !== undefined };
}
