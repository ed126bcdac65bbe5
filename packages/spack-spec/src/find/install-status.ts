// The install status of a spec as `spack find -I` prints it.

import { isConcrete, type Spec } from "../model/spec.js";
import { isUpstream, recordOf, type SpecCatalog } from "../query/catalog.js";
import { colorize } from "../text/color.js";

/** `[+]`, `[^]`, `[e]`, ` - ` or `[-]`, and two spaces (`spack/spec.py: InstallStatus`, `Spec.install_status`). */
export function installStatusMark(catalog: SpecCatalog, spec: Spec, color: boolean): string {
  return colorize(markOf(catalog, spec), color);
}

function markOf(catalog: SpecCatalog, spec: Spec): string {
  const absent = "@K{ - }  ";
  if (!isConcrete(spec)) return absent;
  if (spec.node.external !== undefined) return "@M{[e]}  ";
  const record = recordOf(catalog, spec.node.hash);
  if (record === undefined) return absent;
  if (!record.installed) return "@r{[-]}  ";
  return isUpstream(catalog, spec.node.hash) ? "@g{[^]}  " : "@g{[+]}  ";
}
