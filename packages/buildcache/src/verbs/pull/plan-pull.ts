// Decides what a pull has to do, from what the buildcache holds and what the store has. Pure: it reads and writes nothing.

import { postOrder, runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import type { Catalog } from "../../catalog/catalog.js";
import { withoutDependents } from "../../catalog/package-sets.js";
import { packageTag } from "../../package-image/tags.js";

/** A package on its way into a store. */
export interface PullItem {
  readonly node: SpecNode;
  /** Where it will be. */
  readonly prefix: string;
  readonly tag: string;
  /** Whether the user asked for it, rather than a dependent. */
  readonly explicit: boolean;
  /** Whether it is there already and shall be replaced. */
  readonly reinstall: boolean;
}

/** What a pull will do. */
export interface PullPlan {
  /** Packages to fetch; dependencies before dependents. */
  readonly todo: readonly PullItem[];
  /** Packages that the store has already. */
  readonly present: readonly PullItem[];
  /** Link and run dependencies that neither the store nor the buildcache has. */
  readonly missing: readonly PullItem[];
}

export interface PullSelection {
  readonly catalog: Catalog;
  /** DAG hashes of the packages that the user asked for. */
  readonly roots: readonly string[];
  /** Whether the user asked for these by name; without names, those that nothing else needs count as asked for. */
  readonly named: boolean;
  readonly prefixOf: (node: SpecNode) => string;
  readonly isInstalled: (node: SpecNode) => boolean;
  /** Install again what is there. */
  readonly force: boolean;
}

/** The roots and everything that they link and run with, externals left out. */
export function planPull(selection: PullSelection): PullPlan {
  const { catalog, roots } = selection;
  const wanted = new Set(runtimeClosure(catalog.graph, roots).map((node) => node.hash));
  const available = new Set(catalog.packages.map((node) => node.hash));
  const explicit = selection.named ? new Set(roots) : withoutDependents(catalog.graph, wanted);
  const isForced = (node: SpecNode) => selection.force && roots.includes(node.hash);
  const items = postOrder(catalog.graph, roots, { deptypes: ["link", "run"] })
    .filter((node) => wanted.has(node.hash) && node.external === undefined)
    .map((node) => ({
      node,
      prefix: selection.prefixOf(node),
      tag: packageTag(node),
      explicit: explicit.has(node.hash),
      reinstall: selection.isInstalled(node) && isForced(node),
    }));
  const isPresent = (item: PullItem) => selection.isInstalled(item.node) && !item.reinstall;
  return {
    todo: items.filter((item) => !isPresent(item) && available.has(item.node.hash)),
    present: items.filter(isPresent),
    missing: items.filter((item) => !isPresent(item) && !available.has(item.node.hash)),
  };
}
