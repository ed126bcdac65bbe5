// Reads `environment:`, the modifications of variables that the configuration adds to a module file.

import { isList, isMapping, type Settings } from "./read-setting.js";

/** A change of an environment variable in a module file. */
export interface Modification {
  readonly kind: "set" | "unset" | "prepend-path" | "append-path" | "remove-path";
  readonly name: string;
  /** Ignored if the variable is unset. */
  readonly value: string;
  /** Separates directories; `:` by default. */
  readonly separator?: string | undefined;
}

const KINDS: ReadonlyMap<string, Modification["kind"]> = new Map([
  ["set", "set"],
  ["unset", "unset"],
  ["prepend_path", "prepend-path"],
  ["append_path", "append-path"],
  ["remove_path", "remove-path"],
]);

/** The modifications in their order (Spack: schema/environment.py, `parse`). */
export function environmentModifications(commands: Settings): Modification[] {
  return [...commands].flatMap(([command, variables]) => {
    const kind = KINDS.get(command);
    if (kind === undefined) return [];
    if (isList(variables)) return variables.map((name) => ({ kind, name: String(name), value: "" }));
    if (!isMapping(variables)) return [];
    return [...variables].map(([name, value]) => ({ kind, name, value: String(value) }));
  });
}
