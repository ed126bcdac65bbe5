// The options that Spack's own main command has, and that mean the same here.

import type { SessionOptions } from "@spack-oci/buildcache";
import { flag, repeated, type TypedOption, text, type ValuesOf } from "../declaration/parameter.js";

export const SPACK_OPTIONS = {
  spackRoot: text("--spack-root <dir>", "the Spack to work with; else SPACK_ROOT, else the spack on PATH"),
  // False after `--no-env`: commander gives the two options one value.
  environment: text("-e, --env <env>", "work in an environment, by its name or its directory") as TypedOption<
    string | false | undefined
  >,
  environmentDirectory: text("-D, --env-dir <dir>", "work in the environment in a directory"),
  withoutEnvironment: flag("-E, --no-env", "work without an environment, whatever SPACK_ENV says"),
  configScopes: repeated(
    "-C, --config-scope <dir>",
    "add a directory of configuration files; may be repeated",
  ),
  commandLine: repeated(
    "-c, --config <section:key:value>",
    "add one setting to the configuration; may be repeated",
  ),
};

/** What they mean to a session. */
export function sessionOptions(
  values: Omit<ValuesOf<typeof SPACK_OPTIONS>, "withoutEnvironment">,
): Omit<SessionOptions, "environmentVariables"> {
  const { spackRoot, environment, environmentDirectory, configScopes, commandLine } = values;
  return {
    spackRoot,
    environment: environment === false ? undefined : environment,
    environmentDirectory,
    withoutEnvironment: environment === false,
    configScopes,
    commandLine,
  };
}
