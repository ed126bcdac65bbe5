// Decides what the paths in a package become in the store.

import { formatSpecDocument, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import type { Store } from "@spack-oci/spack-store";
import type { RelocationPlan } from "../../prefix-writing/relocation-plan.js";
import type { PullItem } from "./plan-pull.js";
import { newPrefixes } from "./spliced-package.js";

export interface PlanContext {
  readonly store: Store;
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
}

export function planRelocation(item: PullItem, context: PlanContext): RelocationPlan {
  const { store, graph } = context;
  return {
    root: store.root,
    sbangInstallPath: store.sbangPath,
    prefixes: newPrefixes(item, context),
    platform: item.node.architecture?.platform,
    splicedSpec: item.builtFrom === undefined ? undefined : formatSpecDocument(graph, item.node),
  };
}
