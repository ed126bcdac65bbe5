// Which directories of a prefix are added to which environment variables.

import type { Configuration } from "../configuration.js";
import { child, toPlain } from "../yaml/value.js";

/**
 * The environment variables to which each directory of a prefix is prepended, in order of inspection. `bin` and `./bin`
 * are different keys, as in Spack.
 *
 * Source: `lib/spack/spack/user_environment.py`, `prefix_inspections`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function prefixInspections(
  configuration: Configuration,
  platform: string,
): Map<string, readonly string[]> {
  const inspections = child(configuration.section("modules"), "prefix_inspections");
  if (inspections?.kind !== "map") return platformInspections(platform);
  return new Map(
    [...inspections.entries].map(([directory, { value }]) => [directory, toPlain(value) as string[]]),
  );
}

/**
 * The inspections on Linux if nothing is configured, as in Spack's own configuration (Spack:
 * etc/spack/defaults/base/modules.yaml).
 */
export const DEFAULT_PREFIX_INSPECTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["bin", ["PATH"]],
  ["man", ["MANPATH"]],
  ["share/man", ["MANPATH"]],
  ["share/aclocal", ["ACLOCAL_PATH"]],
  ["lib/pkgconfig", ["PKG_CONFIG_PATH"]],
  ["lib64/pkgconfig", ["PKG_CONFIG_PATH"]],
  ["share/pkgconfig", ["PKG_CONFIG_PATH"]],
  ["", ["CMAKE_PREFIX_PATH"]],
]);

function platformInspections(platform: string): Map<string, readonly string[]> {
  const library = ["DYLD_FALLBACK_LIBRARY_PATH"];
  return new Map([
    ...DEFAULT_PREFIX_INSPECTIONS,
    ...(platform === "darwin"
      ? ([
          ["lib", library],
          ["lib64", library],
        ] as const)
      : []),
  ]);
}
