// Opens a Spack instance with its configuration and environment.

import { homedir } from "node:os";
import { isSpackOciError } from "@spack-oci/errors";
import { parseSpecs } from "@spack-oci/spack-spec";
import { Configuration } from "../configuration.js";
import { SpackEnvironment } from "../environment/environment.js";
import { type EnvironmentRequest, findEnvironment } from "../environment/find-environment.js";
import { environmentScope, readManifest } from "../environment/manifest.js";
import { readSpecFile } from "../environment/spec-file.js";
import { detectHost, type HostArchitecture, type ProcessEnvironment } from "../host/host.js";
import type { PathContext } from "../paths/variables.js";
import { commandLineScope } from "../scopes/command-line.js";
import type { ScopeContext } from "../scopes/scope.js";
import { SCOPE_PRIORITY, type ScopeStack } from "../scopes/scope-stack.js";
import { baseScopes, userScopes } from "./base-scopes.js";
import { customScope } from "./custom-scopes.js";
import { findSpackRoot, readSpackVersion } from "./find-spack.js";
import { SpackInstance } from "./spack-instance.js";
import { UserConfiguration } from "./user-configuration.js";

/** How to open the instance, like Spack's main options. */
export interface OpenSpackOptions {
  /** The root of the instance; else `SPACK_ROOT`, else the `spack` on `PATH`. */
  readonly spackRoot?: string | undefined;
  /** `-e NAME-OR-DIRECTORY`; else `SPACK_ENV`. */
  readonly environment?: string | undefined;
  /** `-D DIRECTORY`. */
  readonly environmentDirectory?: string | undefined;
  /** `-E`: no environment, even if `SPACK_ENV` is set. */
  readonly withoutEnvironment?: boolean | undefined;
  /** `-C`: directories or environments, the last one the strongest. */
  readonly configScopes?: readonly string[] | undefined;
  /** `-c section:key:value`. */
  readonly commandLine?: readonly string[] | undefined;
  /** The process environment; that of this process by default. */
  readonly env?: ProcessEnvironment | undefined;
  /** The working directory; that of this process by default. */
  readonly cwd?: string | undefined;
  /** The home directory; `HOME` of the process environment by default. */
  readonly home?: string | undefined;
  /** The architecture of the host; detected by default. */
  readonly host?: HostArchitecture | undefined;
}

/** The sections that Spack reads at startup. Errors in other sections show when they are first used. */
const READ_AT_START = ["config", "repos", "packages"];

/**
 * Opens the instance and merges its configuration, without writing anything or running Python.
 *
 * Source: `lib/spack/spack/main.py`, `_main`.
 *
 * @throws SpackOciError `ERR_SPACK_NOT_FOUND` or `ERR_SPACK_VERSION` without an instance, `ERR_ENVIRONMENT_NOT_FOUND`,
 *   and `ERR_CONFIG_...` if the configuration is invalid.
 */
export function openSpackInstance(options: OpenSpackOptions = {}): SpackInstance {
  const warnings = new Set<string>();
  const validation = { isSpec, warn: (message: string) => void warnings.add(message) };
  const paths = pathContext(options, spackAt(options));
  const context = { paths, validation };
  const stack = baseScopes(context);
  const environment = options.withoutEnvironment
    ? undefined
    : pushEnvironment(stack, context, {
        nameOrDirectory: options.environment,
        directory: options.environmentDirectory,
      });
  const activePaths = { ...paths, environmentPath: environment?.path };
  const activeContext = { paths: activePaths, validation };
  for (const [index, written] of (options.configScopes ?? []).entries()) {
    const scope = customScope(written, index, { configuration: new Configuration(stack), ...activeContext });
    stack.push(scope, SCOPE_PRIORITY.custom, activeContext);
  }
  // Spack adds this scope before it is filled, so an include on the command line has no effect.
  const commandLine = commandLineScope(options.commandLine ?? [], validation);
  stack.add(commandLine, SCOPE_PRIORITY.commandLine);
  const configuration = new Configuration(stack);
  for (const section of READ_AT_START) configuration.section(section);
  return new SpackInstance({ configuration, paths: activePaths, validation, environment, warnings });
}

/** Variables such as `$spack` have no value, and are kept. */
const NO_SPACK = { spackRoot: "$spack", spackVersion: "" };

/**
 * Opens the scopes that a machine without Spack can have: those of the system and the user.
 *
 * @throws SpackOciError `ERR_CONFIG_...` if the configuration is invalid
 */
export function openUserConfiguration(options: OpenSpackOptions = {}): UserConfiguration {
  const { env = process.env, cwd = process.cwd() } = options;
  const validation = { isSpec, warn: () => undefined };
  const paths = pathContext({ ...options, env, cwd }, NO_SPACK);
  const configuration = new Configuration(userScopes({ paths, validation }));
  return new UserConfiguration({ configuration, paths, validation });
}

function spackAt(options: OpenSpackOptions): Pick<PathContext, "spackRoot" | "spackVersion"> {
  const { env = process.env, cwd = process.cwd() } = options;
  const spackRoot = findSpackRoot({ spackRoot: options.spackRoot, env, cwd });
  return { spackRoot, spackVersion: readSpackVersion(spackRoot) };
}

function pathContext(
  options: OpenSpackOptions,
  spack: Pick<PathContext, "spackRoot" | "spackVersion">,
): PathContext {
  const { env = process.env, cwd = process.cwd() } = options;
  const { spackRoot } = spack;
  let host = options.host;
  return {
    ...spack,
    env,
    cwd,
    home: options.home ?? env["HOME"] ?? homedir(),
    host: () => {
      host ??= detectHost(spackRoot);
      return host;
    },
  };
}

/** Includes of the environment are resolved before it is active, so `$env` is not defined in them, as in Spack. */
function pushEnvironment(
  stack: ScopeStack,
  context: ScopeContext,
  request: EnvironmentRequest,
): SpackEnvironment | undefined {
  const { paths, validation } = context;
  const location = findEnvironment(request, { configuration: new Configuration(stack), paths });
  if (location === undefined) return undefined;
  const manifest = readManifest(location.path, validation);
  stack.push(
    environmentScope(`env:${location.name}`, location.path, validation),
    SCOPE_PRIORITY.environment,
    context,
  );
  return new SpackEnvironment({ ...location, manifest, configuration: new Configuration(stack), paths });
}

/** Whether Spack's parser accepts the text. Source: `lib/spack/spack/schema/__init__.py`, `_validate_spec`. */
function isSpec(text: string): boolean {
  try {
    parseSpecs(text, { readSpecFile });
    return true;
  } catch (error) {
    if (isSpackOciError(error)) return false;
    throw error;
  }
}
