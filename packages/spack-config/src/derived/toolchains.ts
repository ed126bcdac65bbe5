// The sets of compilers that specs refer to with `%name`.

import type { Toolchain } from "@spack-oci/spack-spec";
import type { Configuration } from "../configuration.js";
import { asString, type ConfigValue, child } from "../yaml/value.js";

/**
 * The toolchains by name.
 *
 * Source: `lib/spack/spack/schema/toolchains.py`, `lib/spack/spack/spec_parser.py`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}.
 */
export function toolchains(configuration: Configuration): Map<string, Toolchain> {
  const section = configuration.section("toolchains");
  const entries = section.kind === "map" ? [...section.entries] : [];
  return new Map(entries.map(([name, { value }]) => [name, readToolchain(value)]));
}

function readToolchain(value: ConfigValue): Toolchain {
  if (value.kind !== "list") return asString(value) ?? "";
  return value.items.map((item) => {
    const when = asString(child(item, "when"));
    return { spec: asString(child(item, "spec")) ?? "", ...(when === undefined ? {} : { when }) };
  });
}
