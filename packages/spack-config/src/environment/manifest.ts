// The manifest of an environment: `spack.yaml`, which is also a configuration scope.

import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { type ConfigScope, FileScope } from "../scopes/scope.js";
import type { ValidationContext } from "../sections/match-schema.js";
import { environmentSchema } from "../sections/sections.js";
import { validate } from "../sections/validate.js";
import { readConfigFile } from "../yaml/read-file.js";
import { type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";

/** What is specific to manifests; the rest is configuration. */
export interface EnvironmentManifest {
  /** The entries of `specs:` as written: strings, matrices and `$references`. */
  readonly specs: readonly ConfigValue[];
  /** The environments whose concrete specs are included, as written. */
  readonly includeConcrete: readonly ConfigScalar[];
}

/** The path of the manifest of the environment in `directory`. */
export function manifestPath(directory: string): string {
  return join(directory, "spack.yaml");
}

/**
 * Reads the manifest of the environment in `directory`.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `EnvironmentManifestFile`.
 *
 * @throws SpackOciError `ERR_ENVIRONMENT_NOT_FOUND` without a manifest, `ERR_CONFIG_FORMAT` or `ERR_CONFIG_FILE` if it
 *   is invalid.
 */
export function readManifest(directory: string, context: ValidationContext): EnvironmentManifest {
  const file = manifestPath(directory);
  const data: ConfigValue = readConfigFile(file) ?? {
    kind: "scalar",
    type: "null",
    value: null,
    mark: { file, line: undefined },
  };
  validate(data, environmentSchema, context);
  const spack = child(data, "spack");
  if (spack === undefined) throw withoutContent(file);
  return {
    specs: itemsOf(child(spack, "specs")),
    includeConcrete: itemsOf(child(spack, "include_concrete")) as ConfigScalar[],
  };
}

/**
 * The scope of an environment. It may not move managed environments, possibly including itself.
 *
 * @throws SpackOciError `ERR_ENVIRONMENT_CONFIG` if it sets `config:environments_root`.
 */
export function environmentScope(name: string, directory: string, context: ValidationContext): ConfigScope {
  const file = manifestPath(directory);
  const scope = new FileScope({ name, path: file, schema: environmentSchema, below: "spack" }, context);
  if (child(scope.section("config")?.value, "environments_root") === undefined) return scope;
  throw new SpackOciError(
    "ERR_ENVIRONMENT_CONFIG",
    `${file}: an environment may not set config:environments_root.`,
    {
      kind: "usage",
      place: file,
      hint: "Set it in the user or site scope.",
    },
  );
}

function itemsOf(value: ConfigValue | undefined): readonly ConfigValue[] {
  return value?.kind === "list" ? value.items : [];
}

function withoutContent(file: string): SpackOciError {
  return new SpackOciError("ERR_ENVIRONMENT_CONFIG", `${file} has no key \`spack:\`.`, {
    kind: "usage",
    place: file,
    hint: "Put specs and configuration below `spack:`.",
  });
}
