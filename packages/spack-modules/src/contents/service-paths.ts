// What a module adds to the hierarchy of Lmod: the services it provides, and the directories that they open.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { Hierarchy } from "../layout/hierarchy.js";
import type { ModuleTree } from "../layout/module-tree.js";

/** The services of a module (Spack: modules/lmod.py, `LmodContext`). */
export interface ServicePaths {
  /** The services it provides; none for most packages. */
  readonly provides: readonly string[];
  /** The services of the hierarchy that it neither needs nor provides. */
  readonly missing: readonly string[];
  /** Directories that are added in any case. */
  readonly unlocked: readonly string[];
  /** Directories that are added under a condition, both in Lua. */
  readonly conditional: readonly { readonly condition: string; readonly path: string }[];
  /** How the provider is known to other modules. */
  readonly provider: { readonly name: string; readonly version: string };
}

/** @throws SpackOciError as `Hierarchy.requires` does */
export function servicePaths(tree: ModuleTree, hierarchy: Hierarchy, node: SpecNode): ServicePaths {
  const root = tree.architectureDirectory(node);
  const inLua = (part: string) =>
    hierarchy.tokens.includes(part) ? `${part}_name, ${part}_version` : `"${part}"`;
  return {
    provides: [...hierarchy.provides(node).keys()],
    missing: hierarchy.missing(node),
    unlocked: hierarchy.unlockedPaths(node).map((parts) => [root, ...parts].join("/")),
    conditional: hierarchy.conditionalPaths(node).map(({ services, parts }) => ({
      condition: services.map((service) => `${service}_name`).join(" and "),
      path: [root, ...parts].map(inLua).join(", "),
    })),
    provider: { name: node.name, version: `${node.version}-${node.hash.slice(0, 7)}` },
  };
}
