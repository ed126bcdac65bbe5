// Operating systems whose packages also run on another one.

import type { Configuration } from "../configuration.js";
import { child } from "../yaml/value.js";

/**
 * The operating systems whose packages `os` can reuse, itself included.
 *
 * Source: `concretizer:os_compatible` and `lib/spack/spack/solver/concretize.lp`, `os_compatible`, which is transitive.
 */
export function compatibleSystems(configuration: Configuration, os: string): ReadonlySet<string> {
  const table = child(configuration.section("concretizer"), "os_compatible");
  const found = new Set([os]);
  // A set visits what is added while it is iterated.
  for (const recent of found) {
    const older = table === undefined ? undefined : child(table, recent);
    for (const each of older?.kind === "list" ? older.items : [])
      if (each.kind === "scalar") found.add(String(each.value));
  }
  return found;
}
