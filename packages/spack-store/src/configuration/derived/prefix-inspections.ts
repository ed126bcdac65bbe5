// Which directories of a prefix go into which environment variables.
import type { Configuration } from "../configuration.js";
import { child, toPlain } from "../yaml/value.js";

/**
 * The environment variables that each directory of a prefix is put in front of, in the order of inspection.
 * `bin` and `./bin` are different keys, as in Spack.
 *
 * Source: `lib/spack/spack/user_environment.py`, `prefix_inspections`.
 *
 * @throws {SpackOciError} the errors of {@link Configuration.section}.
 */
export function prefixInspections(configuration: Configuration): Map<string, readonly string[]> {
  const inspections = child(configuration.section("modules"), "prefix_inspections");
  if (inspections?.kind !== "map") return new Map();
  return new Map(
    [...inspections.entries].map(([directory, { value }]) => [directory, toPlain(value) as string[]]),
  );
}
