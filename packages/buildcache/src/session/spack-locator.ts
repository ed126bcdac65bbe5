// Locates the Spack instance of a run, when it is first needed.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  type OpenSpackOptions,
  openSpackInstance,
  runSpackPython,
  type SpackEnvironment,
  type SpackInstance,
} from "@spack-oci/spack-config";
import type { Listener } from "../events/events.js";
import { type RunPython, type SpackQuery, spackQueryThrough } from "../recipe-env/spack-query.js";

/** How to find the instance, like Spack's own main options. */
export interface FindSpackOptions extends Omit<OpenSpackOptions, "env" | "host"> {
  readonly environmentVariables: NodeJS.ProcessEnv;
}

/** A Spack instance that may not exist. */
export class SpackLocator {
  readonly #options: FindSpackOptions;
  readonly #listener: Listener | undefined;
  #instance: SpackInstance | undefined;
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
    for (const message of this.#instance.warnings) {
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

  /** The Spack prefix, as far as it is known without searching. */
  get prefix(): string | undefined {
    return this.#instance?.root ?? this.#options.environmentVariables["SPACK_ROOT"];
  }

  /** The active environment, if any. */
  get environment(): SpackEnvironment | undefined {
    return this.#isEnvironmentRequested ? this.instance.environment : undefined;
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

  /** Runs Python programs in an instance, with the user's own main options. */
  runPythonIn({ root }: SpackInstance): RunPython {
    const options = this.#openOptions;
    return (program, input, signal) => runSpackPython({ root, options, program, input, signal });
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
