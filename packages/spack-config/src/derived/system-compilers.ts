// The configured compilers that are in directories of the system.

import { dirname } from "node:path";
import type { Configuration } from "../configuration.js";
import { asString, child } from "../yaml/value.js";

const ROOTS = ["/", "/usr", "/usr/local"];
const SYSTEM_DIRECTORIES = new Set([
  ...ROOTS,
  ...ROOTS.flatMap((root) =>
    ["bin", "bin64", "include", "lib", "lib64"].map((suffix) => `${root === "/" ? "" : root}/${suffix}`),
  ),
]);

/**
 * Their specs, such as `gcc@12.2.0`, without variants. These are Lmod's core compilers if none are configured.
 *
 * Source: `lib/spack/spack/modules/lmod.py`, `guess_core_compilers`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function systemCompilers(configuration: Configuration): string[] {
  const packages = configuration.section("packages");
  const entries = packages.kind === "map" ? [...packages.entries] : [];
  return entries
    .map(([, { value }]) => child(value, "externals"))
    .flatMap((externals) => (externals?.kind === "list" ? externals.items : []))
    .filter((external) => {
      const compiler = asString(child(child(child(external, "extra_attributes"), "compilers"), "c"));
      return compiler !== undefined && SYSTEM_DIRECTORIES.has(dirname(compiler));
    })
    .flatMap((external) => /^\s*[\w.-]+(?:@=?[\w.+-]+)?/.exec(asString(child(external, "spec")) ?? "") ?? [])
    .map((spec) => spec.trim());
}
