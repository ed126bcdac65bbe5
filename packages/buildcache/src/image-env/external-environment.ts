// Reads the environment that the configuration sets for an external package.

import { isJsonArray, isJsonObject, type SpecNode } from "@spack-oci/spack-spec";
import type { EnvironmentModification } from "./modifications.js";

const KINDS: ReadonlyMap<string, EnvironmentModification["kind"]> = new Map([
  ["set", "set"],
  ["prepend_path", "prepend-path"],
  ["append_path", "append-path"],
  ["remove_path", "remove-path"],
  ["unset", "unset"],
]);

/**
 * `extra_attributes:environment` in its order; empty for other packages (Spack: schema/environment.py, `parse`).
 */
export function externalModifications({ external }: SpecNode): EnvironmentModification[] {
  const commands = external?.extraAttributes.get("environment");
  if (!isJsonObject(commands)) return [];
  return [...commands].flatMap(([command, variables]) => {
    const kind = KINDS.get(command);
    if (kind === undefined) return [];
    if (isJsonArray(variables)) return variables.map((name) => ({ kind, name: String(name), value: "" }));
    if (!isJsonObject(variables)) return [];
    return [...variables].map(([name, value]) => ({ kind, name, value: String(value) }));
  });
}
