// Resolves git references to versions by specs built from them. Spack looks them up in the repository.

import type { SpecGraph } from "../../src/model/node.js";
import type { ParseOptions } from "../../src/parse/parse-options.js";
import { parseVersion } from "../../src/versions/parse-version.js";

/**
 * A lookup for the parser: a spec of `graph` with the same name and reference, or of the commit that its variant
 * `commit` names, provides the version.
 */
export function gitVersionsIn(graph: SpecGraph): NonNullable<ParseOptions["gitVersion"]> {
  return (name, ref) => {
    for (const node of graph.values()) {
      if (node.name !== name) continue;
      const version = parseVersion(node.version);
      if (version.type !== "git" || version.refVersion === undefined) continue;
      if (version.ref === ref || node.parameters.get("commit") === ref) return version.refVersion.text;
    }
    return undefined;
  };
}
