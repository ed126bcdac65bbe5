// The options that Spack's own main command has, and that mean the same here.

import type { SessionOptions } from "@spack-oci/buildcache";
import type { Command } from "commander";

/** As commander gives them. */
export interface SpackOptions {
  readonly spackRoot?: string;
  readonly env?: string;
  readonly envDir?: string;
  /** False after `--no-env`. */
  readonly useEnv?: boolean;
  readonly configScope?: readonly string[];
  readonly config?: readonly string[];
}

export function addSpackOptions(command: Command): Command {
  const collect = (value: string, known: readonly string[] = []) => [...known, value];
  return command
    .option("--spack-root <dir>", "the Spack to work with; else SPACK_ROOT, else the spack on PATH")
    .option("-e, --env <env>", "work in an environment, by its name or its directory")
    .option("-D, --env-dir <dir>", "work in the environment in a directory")
    .option("-E, --no-env", "work without an environment, whatever SPACK_ENV says")
    .option("-C, --config-scope <dir>", "add a directory of configuration files; may be repeated", collect)
    .option(
      "-c, --config <section:key:value>",
      "add one setting to the configuration; may be repeated",
      collect,
    );
}

/** What they mean to a session. */
export function sessionOptions(options: SpackOptions): Omit<SessionOptions, "environmentVariables"> {
  const { spackRoot, env, envDir, configScope, config } = options;
  // `--no-env` and `--env NAME` set the same property.
  const named = typeof env === "string" ? env : undefined;
  return {
    spackRoot,
    environment: named,
    environmentDirectory: envDir,
    withoutEnvironment: (env as unknown) === false,
    configScopes: configScope,
    commandLine: config,
  };
}
