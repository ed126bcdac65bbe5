// The mark that tells whether a spec is installed.
import { isConcrete, type Spec } from "../model/spec.js";
import { isUpstream, recordOfSpec, type SpecCatalog } from "../query/catalog.js";
import { colorize } from "../text/color.js";

/** `[+]`, `[^]`, `[e]`, ` - ` or `[-]`, and two spaces (`spack/spec.py: InstallStatus`, `Spec.install_status`). */
export function installStatusMark(catalog: SpecCatalog, spec: Spec, color: boolean): string {
  return colorize(markOf(catalog, spec), color);
}

function markOf(catalog: SpecCatalog, spec: Spec): string {
  const absent = "@K{ - }  ";
  if (!isConcrete(spec)) return absent;
  if (spec.concrete.external !== undefined) return "@M{[e]}  ";
  const record = recordOfSpec(catalog, spec);
  if (record === undefined) return absent;
  if (!record.installed) return "@r{[-]}  ";
  return isUpstream(catalog, spec) ? "@g{[^]}  " : "@g{[+]}  ";
}
