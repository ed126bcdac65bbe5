// The scopes of `-C`: a directory with configuration files, or an environment.

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import {
  type EnvironmentContext,
  independentDirectory,
  managedDirectory,
} from "../environment/find-environment.js";
import { environmentScope, readManifest } from "../environment/manifest.js";
import { type ConfigScope, DirectoryScope } from "../scopes/scope.js";
import type { ValidationContext } from "../sections/match-schema.js";

/**
 * The scope of the `-C` option number `index`.
 *
 * Source: `lib/spack/spack/main.py`, `add_command_line_scopes`.
 *
 * @throws SpackOciError `ERR_CONFIG_SCOPE` if it is neither an environment nor a directory, and the errors of {@link
 *   readManifest}.
 */
export function customScope(
  written: string,
  index: number,
  context: EnvironmentContext & { readonly validation: ValidationContext },
): ConfigScope {
  const { validation } = context;
  const name = `cmd_scope_${index}`;
  const path = resolve(context.paths.cwd, written);
  const environment = managedDirectory(written, context) ?? independentDirectory(written, context);
  if (environment !== undefined) {
    readManifest(environment, validation);
    return environmentScope(`${name}:env:${environment}`, environment, validation);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return new DirectoryScope({ name, path }, validation);
  throw new SpackOciError("ERR_CONFIG_SCOPE", `${written} is not a configuration scope.`, {
    kind: "usage",
    place: written,
    hint: "Give a directory with configuration files, or an environment.",
  });
}
