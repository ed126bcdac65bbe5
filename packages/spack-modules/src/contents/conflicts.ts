// The modules that cannot be loaded together with this one.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";
import type { ModuleTree } from "../layout/module-tree.js";
import { stringsAt } from "../settings/read-setting.js";

/**
 * Names or formats of names, filled in (Spack: modules/common.py, `conflicts`).
 *
 * @throws SpackOciError `ERR_MODULE_CONFLICT` (`usage`) if a format does not follow the naming scheme
 */
export function conflictsOf(tree: ModuleTree, node: SpecNode): string[] {
  const spec = tree.matcher.specOf(node);
  const scheme = tree.projectionOf(node).split("/");
  return stringsAt(tree.rulesOf(node), "conflict").map((conflict) => {
    const parts = conflict.split("/").slice(0, scheme.length);
    if (isFormat(conflict) && parts.some((part, index) => part !== scheme[index])) {
      throw new SpackOciError(
        "ERR_MODULE_CONFLICT",
        `The conflict ${conflict} does not match the naming scheme.`,
        {
          kind: "usage",
          place: conflict,
          hint: `Modules of ${node.name} are named by ${scheme.join("/")}; start the conflict in the same way.`,
        },
      );
    }
    return tree.format(spec, conflict);
  });
}

/** Whether Spack compares it with the naming scheme: if it consists of several texts and fields. */
function isFormat(conflict: string): boolean {
  const fields = conflict.match(/\{[^}]*\}/g)?.length ?? 0;
  const endsWithText = fields > 0 && !conflict.endsWith("}");
  return fields + (endsWithText ? 1 : 0) > 1;
}
