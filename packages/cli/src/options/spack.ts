// Global options, with the names and meanings that they have in Spack.

import type { SessionOptions } from "@spack-oci/buildcache";
import { flag, repeated, type TypedOption, text, type ValuesOf } from "../declaration/parameter.js";

export const SPACK_OPTIONS = {
  spackRoot: text("--spack-root <dir>", "Spack installation to use; default: SPACK_ROOT, then spack on PATH"),
  // False after `--no-env`: commander stores both options as one value.
  environment: text("-e, --env <env>", "use an environment, given by name or directory") as TypedOption<
    string | false | undefined
  >,
  environmentDirectory: text("-D, --env-dir <dir>", "use the environment in this directory"),
  withoutEnvironment: flag("-E, --no-env", "use no environment, even if SPACK_ENV is set"),
  configScopes: repeated("-C, --config-scope <dir>", "add a directory of configuration files; repeatable"),
  commandLine: repeated("-c, --config <section:key:value>", "add one configuration setting; repeatable"),
};

/** Translates the options for a session. */
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
