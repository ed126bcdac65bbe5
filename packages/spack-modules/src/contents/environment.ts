// The environment variables that a module file changes.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { ModuleTree } from "../layout/module-tree.js";
import { requireValidTokens } from "../layout/tokens.js";
import { environmentModifications, type Modification } from "../settings/environment-rules.js";
import { mappingAt, stringsAt } from "../settings/read-setting.js";
import { inspectPrefix } from "./inspect-prefix.js";

/**
 * What follows from the directories of the prefix, then what recipes add, then what the configuration adds, without the
 * variables that it excludes (Spack: modules/common.py, `environment_modifications`).
 *
 * @throws SpackOciError `ERR_MODULE_TOKEN`, and those of format strings
 */
export async function moduleEnvironment(tree: ModuleTree, node: SpecNode): Promise<Modification[]> {
  const { surroundings, set } = tree;
  const prefix = surroundings.prefixOf(node);
  const rules = tree.rulesOf(node);
  const found = prefix === undefined ? [] : await inspectPrefix(prefix, set.prefixInspections);
  const added = [...found, ...(await surroundings.recipeModifications(node))];
  const excluded = stringsAt(mappingAt(rules, "filter"), "exclude_env_vars");
  return [...added, ...environmentModifications(mappingAt(rules, "environment"))]
    .map((modification) => filledIn(tree, node, modification))
    .filter(({ name }) => !excluded.includes(name));
}

/** Fields in names become upper case, and hyphens underscores. */
function filledIn(tree: ModuleTree, node: SpecNode, modification: Modification): Modification {
  const spec = tree.matcher.specOf(node);
  requireValidTokens(modification.name, "the name of an environment variable");
  const name = modification.name.replace(/\{[^}]*\}/g, (field) => tree.format(spec, field).toUpperCase());
  const value = modification.kind === "unset" ? "" : tree.format(spec, modification.value);
  return { ...modification, name: name.replaceAll("-", "_"), value };
}

/** Whether MANPATH is extended, so that the system's manual pages have to be kept (`has_manpath_modifications`). */
export function extendsManualPath(modifications: readonly Modification[]): boolean {
  return modifications.some(
    ({ kind, name }) => name === "MANPATH" && (kind === "prepend-path" || kind === "append-path"),
  );
}
