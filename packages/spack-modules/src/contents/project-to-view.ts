// Replaces prefixes by the paths of a view in the modifications of a module file.

import { runtimeClosure, type SpecNode } from "@spack-oci/spack-spec";
import type { Modification } from "../settings/environment-rules.js";
import type { Surroundings } from "../surroundings.js";

/**
 * The modifications, with the view's paths for the package and all it runs with, if the view contains the package
 * (Spack: user_environment.py, `project_env_mods`).
 */
export function projectToView(
  { view, graph, prefixOf }: Pick<Surroundings, "view" | "graph" | "prefixOf">,
  node: SpecNode,
  modifications: readonly Modification[],
): readonly Modification[] {
  if (view === undefined || !view.contains(node)) return modifications;
  const paths = new Map<string, string>();
  for (const each of runtimeClosure(graph, [node.hash])) {
    const prefix = prefixOf(each);
    if (each.external === undefined && prefix !== undefined) paths.set(prefix, view.pathOf(each));
  }
  if (paths.size === 0) return modifications;
  const escaped = [...paths.keys()].map((prefix) => prefix.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const prefixes = new RegExp(escaped.join("|"), "g");
  return modifications.map((modification) => ({
    ...modification,
    value: modification.value.replace(prefixes, (prefix) => paths.get(prefix) ?? prefix),
  }));
}
