// Locates the Spack instance of a run, when it is first needed.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  detectHost,
  type LockedEnvironment,
  type OpenSpackOptions,
  openSpackInstance,
  openUserConfiguration,
  runSpack,
  runSpackPython,
  type SpackEnvironment,
  type SpackInstance,
  type UserConfiguration,
} from "@spack-oci/spack-config";
import type { Machine } from "../catalog/machine.js";
import type { Listener } from "../events/events.js";
import { type RunPython, type SpackQuery, spackQueryThrough } from "../recipe-env/spack-query.js";
import type { SpackRecipes } from "../recipe-env/spack-recipes.js";

/** How to find the instance, like Spack's own main options. */
export interface FindSpackOptions extends Omit<OpenSpackOptions, "env"> {
  readonly environmentVariables: NodeJS.ProcessEnv;
}

/**
 * Runs a command of Spack.
 *
 * @returns its output
 * @throws SpackOciError the errors of `runSpack`
 */
export type RunCommand = (args: readonly string[], signal?: AbortSignal) => Promise<string>;

/** A Spack instance that may not exist. */
export class SpackLocator {
  readonly #options: FindSpackOptions;
  readonly #listener: Listener | undefined;
  #instance: SpackInstance | undefined;
  #userConfiguration: UserConfiguration | undefined;
  /** Warnings that were already reported; reading further sections may cause more. */
  readonly #reported = new Set<string>();

  constructor(options: FindSpackOptions, listener: Listener | undefined) {
    this.#options = options;
    this.#listener = listener;
  }

  /**
   * The Spack instance.
   *
   * @throws SpackOciError `ERR_SPACK_NOT_FOUND`, and the errors of `openSpackInstance`
   */
  get instance(): SpackInstance {
    this.#instance ??= openSpackInstance(this.#openOptions);
    for (const message of [...this.#instance.warnings, ...this.#instance.misspelledSettings]) {
      if (!this.#reported.has(message)) this.#listener?.({ type: "warning", message });
      this.#reported.add(message);
    }
    return this.#instance;
  }

  /** The instance; undefined on a machine without Spack. */
  get instanceIfAny(): SpackInstance | undefined {
    try {
      return this.instance;
    } catch (error) {
      if (isSpackOciError(error) && error.code === "ERR_SPACK_NOT_FOUND" && !this.#isRequested)
        return undefined;
      throw error;
    }
  }

  /** The machine that packages are chosen for. */
  get machine(): Machine {
    const instance = this.instanceIfAny;
    const { platform, os, target } = instance?.host ?? this.#options.host ?? detectHost(undefined);
    return {
      platform,
      os,
      target: target.name,
      isTargetUnknown: target.isUnknown,
      systems: instance?.compatibleSystems ?? new Set([os]),
    };
  }

  /** The configuration: that of the instance, or what the user and the system have set on a machine without Spack. */
  get configuration(): UserConfiguration {
    const { instanceIfAny } = this;
    if (instanceIfAny !== undefined) return instanceIfAny;
    this.#userConfiguration ??= openUserConfiguration(this.#openOptions);
    return this.#userConfiguration;
  }

  /** The Spack prefix, as far as it is known without searching. */
  get prefix(): string | undefined {
    return this.#instance?.root ?? this.#options.environmentVariables["SPACK_ROOT"];
  }

  /** The active environment, if any. */
  get environment(): SpackEnvironment | undefined {
    return this.#isEnvironmentRequested ? this.instance.environment : undefined;
  }

  /** What the lock file of the active environment refers to, if any. */
  get lockedEnvironment(): LockedEnvironment | undefined {
    const { environment } = this;
    return environment && this.instance.lockedEnvironment(environment.name);
  }

  /** An environment other than the active one, by its name or directory. */
  otherEnvironment(nameOrDirectory: string): SpackEnvironment {
    const options = {
      environment: nameOrDirectory,
      environmentDirectory: undefined,
      withoutEnvironment: false,
    };
    const other = new SpackLocator({ ...this.#options, ...options }, this.#listener);
    return other.instance.environment as SpackEnvironment;
  }

  /**
   * Runs Spack to evaluate recipes.
   *
   * @throws SpackOciError `ERR_NO_SPACK` (`usage`) if there is no instance
   */
  get spackQuery(): SpackQuery {
    const instance = this.instanceIfAny;
    if (instance === undefined) {
      throw new SpackOciError("ERR_NO_SPACK", "This needs a Spack installation, and none was found.", {
        kind: "usage",
        hint: 'Name it with "--spack-root DIR" or SPACK_ROOT, or leave out --run-environment=spack.',
      });
    }
    return spackQueryThrough(this.runPythonIn(instance));
  }

  /** The recipes of the instance; undefined on a machine without Spack. */
  get recipes(): SpackRecipes | undefined {
    const instance = this.instanceIfAny;
    if (instance === undefined) return undefined;
    return { repositories: instance.repositories, runPython: this.runPythonIn(instance) };
  }

  /** Runs Python programs in an instance, with the user's own main options. */
  runPythonIn({ root }: SpackInstance): RunPython {
    const options = this.#openOptions;
    return (program, input, signal) => runSpackPython({ root, options, program, input, signal });
  }

  /**
   * Has Spack make all views of the active environment (Spack: cmd/env.py, `env_view`).
   *
   * @throws SpackOciError the errors of `runSpack`
   */
  async regenerateViews(signal?: AbortSignal): Promise<void> {
    const args = ["env", "view", "regenerate"];
    await runSpack({ root: this.instance.root, options: this.#openOptions, args, signal });
  }

  /**
   * Runs a command of the instance with the user's own main options, such as `view`; undefined on a machine without
   * Spack.
   */
  get runCommand(): RunCommand | undefined {
    const instance = this.instanceIfAny;
    if (instance === undefined) return undefined;
    const options = this.#openOptions;
    return (args, signal) => runSpack({ root: instance.root, options, args, signal });
  }

  get #openOptions(): OpenSpackOptions {
    const { environmentVariables: env, ...options } = this.#options;
    return { ...options, env };
  }

  /** Whether an option requires a Spack instance. */
  get #isRequested(): boolean {
    const { spackRoot, configScopes = [], commandLine = [] } = this.#options;
    return [spackRoot, configScopes.length > 0, commandLine.length > 0, this.#isEnvironmentRequested].some(
      Boolean,
    );
  }

  get #isEnvironmentRequested(): boolean {
    const { environment, environmentDirectory, withoutEnvironment, environmentVariables } = this.#options;
    if (withoutEnvironment === true) return false;
    return [environment, environmentDirectory, environmentVariables["SPACK_ENV"]].some(Boolean);
  }
}
