// Finds the environment that a name, a directory or `SPACK_ENV` refers to.

import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import type { PathContext } from "../paths/variables.js";
import type { ConfigScalar } from "../yaml/value.js";

/** The directory of an environment, and its name in Spack: the directory unless it is managed. */
export interface EnvironmentLocation {
  readonly path: string;
  readonly name: string;
}

/** How the user selects an environment. */
export interface EnvironmentRequest {
  /** `-e`: a name, or else a directory. */
  readonly nameOrDirectory?: string | undefined;
  /** `-D`: a directory. */
  readonly directory?: string | undefined;
}

/** What is needed to find environments. */
export interface EnvironmentContext {
  readonly configuration: Configuration;
  readonly paths: PathContext;
}

/**
 * The selected environment, else that of `SPACK_ENV`; undefined if there is none.
 *
 * Source: `lib/spack/spack/cmd/__init__.py`, `find_environment`.
 *
 * @throws SpackOciError `ERR_ENVIRONMENT_NOT_FOUND` if it does not exist.
 */
export function findEnvironment(
  { nameOrDirectory, directory }: EnvironmentRequest,
  context: EnvironmentContext,
): EnvironmentLocation | undefined {
  const asked = nameOrDirectory || directory || context.paths.env["SPACK_ENV"];
  if (!asked) return undefined;
  const path =
    (nameOrDirectory && managedDirectory(nameOrDirectory, context)) || independentDirectory(asked, context);
  if (path !== undefined) return { path, name: environmentName(path, context) };
  throw new SpackOciError("ERR_ENVIRONMENT_NOT_FOUND", `There is no environment in ${asked}.`, {
    kind: "not-found",
    place: asked,
    hint: "Run `spack env list` to list managed environments, or give a directory with a spack.yaml.",
  });
}

/**
 * The directory of the managed environment `name`; undefined if it does not exist.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `exists` and `root`.
 */
export function managedDirectory(name: string, context: EnvironmentContext): string | undefined {
  const path = join(environmentsRoot(context), name);
  return isEnvironmentName(name) && isDirectory(path) ? path : undefined;
}

/** Whether a managed environment can have this name. Source: as above, `valid_env_name`. */
export function isEnvironmentName(name: string): boolean {
  return /^[\p{L}\p{N}_][/\p{L}\p{N}_-]*$/u.test(name);
}

/** `directory` as an absolute path if it contains an environment; undefined if not. Source: as above, `is_env_dir`. */
export function independentDirectory(directory: string, { paths }: EnvironmentContext): string | undefined {
  const path = resolve(paths.cwd, directory);
  return isDirectory(path) && existsSync(join(path, "spack.yaml")) ? path : undefined;
}

/** Where managed environments are. Source: as above, `env_root_path`. */
export function environmentsRoot({ configuration, paths }: EnvironmentContext): string {
  const configured = configuration.get("config:environments_root") as ConfigScalar | undefined;
  return canonicalizePath(configured ?? join(paths.spackRoot, "var/spack/environments"), paths);
}

/** Source: as above, `environment_name`. */
function environmentName(path: string, context: EnvironmentContext): string {
  const name = basename(path);
  return realPath(join(environmentsRoot(context), name)) === realPath(path) ? name : path;
}

/** The path without symbolic links; unchanged if it does not exist. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
