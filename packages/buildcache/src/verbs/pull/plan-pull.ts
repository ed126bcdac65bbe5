// Decides what a pull has to do, from the packages of the buildcache and of the store. Pure: it reads and writes
// nothing.

import { postOrder, runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import type { Catalog } from "../../catalog/catalog.js";
import { withoutDependents } from "../../catalog/package-sets.js";
import { packageTag } from "../../package-image/tags.js";
import { builtSpecOf } from "./spliced-package.js";

/** A package to pull into a store. */
export interface PullItem {
  readonly node: SpecNode;
  /** Its prefix in the store. */
  readonly prefix: string;
  /** The tag of the image with its layer. */
  readonly tag: string;
  /** The spec whose layer it is made from, if it is spliced and the buildcache has that. */
  readonly builtFrom?: SpecNode | undefined;
  /** Whether the user requested it, rather than a dependent. */
  readonly explicit: boolean;
  /** Whether it is installed and has to be replaced. */
  readonly reinstall: boolean;
}

/** What a pull will do. */
export interface PullPlan {
  /** Packages to fetch; dependencies before dependents. */
  readonly todo: readonly PullItem[];
  /** Packages that are already installed. */
  readonly present: readonly PullItem[];
  /** Requested externals, which are only recorded. */
  readonly externals: readonly SpecNode[];
  /** Link and run dependencies that neither the store nor the buildcache has. */
  readonly missing: readonly PullItem[];
}

export interface PullSelection {
  readonly catalog: Catalog;
  /** DAG hashes of the requested packages. */
  readonly roots: readonly string[];
  /** Whether the user named these; if not, packages that no other one depends on count as explicit. */
  readonly named: boolean;
  readonly prefixOf: (node: SpecNode) => string;
  readonly isInstalled: (node: SpecNode) => boolean;
  /** Reinstalls packages that are installed. */
  readonly force: boolean;
}

/** Plans the roots and all their link and run dependencies, without externals. */
export function planPull(selection: PullSelection): PullPlan {
  const { catalog, roots } = selection;
  const wanted = new Set(runtimeClosure(catalog.graph, roots).map((node) => node.hash));
  const available = new Set(catalog.packages.map((node) => node.hash));
  const explicit = selection.named ? new Set(roots) : withoutDependents(catalog.graph, wanted);
  const isForced = (node: SpecNode) => selection.force && roots.includes(node.hash);
  const items = postOrder(catalog.graph, roots, { deptypes: ["link", "run"] })
    .filter((node) => wanted.has(node.hash) && node.external === undefined)
    .map((node) => ({ node, builtFrom: builtSpecOf(catalog.graph, node, available) }))
    .map(({ node, builtFrom }) => ({
      node,
      builtFrom,
      prefix: selection.prefixOf(node),
      tag: packageTag(builtFrom ?? node),
      explicit: explicit.has(node.hash),
      reinstall: selection.isInstalled(node) && isForced(node),
    }));
  const isAvailable = ({ node, builtFrom = node }: PullItem) => available.has(builtFrom.hash);
  const isPresent = (item: PullItem) => selection.isInstalled(item.node) && !item.reinstall;
  return {
    todo: items.filter((item) => !isPresent(item) && isAvailable(item)),
    present: items.filter(isPresent),
    externals: [...explicit].flatMap((hash) => {
      const node = catalog.graph.get(hash);
      return node?.external === undefined ? [] : [node];
    }),
    missing: items.filter((item) => !isPresent(item) && !isAvailable(item)),
  };
}
