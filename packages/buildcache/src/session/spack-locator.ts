// Looks for the Spack instance that a run belongs to, when something first needs it.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  type OpenSpackOptions,
  openSpackInstance,
  runSpackPython,
  type SpackEnvironment,
  type SpackInstance,
} from "@spack-oci/spack-config";
import type { Listener } from "../events/events.js";
import { askingSpack, type SpackQuery } from "../recipe-env/spack-query.js";

/** What a user says of the instance, as Spack's own main options do. */
export interface FindSpackOptions extends Omit<OpenSpackOptions, "env" | "host"> {
  readonly environmentVariables: NodeJS.ProcessEnv;
}

/** A Spack instance that may be there. */
export class SpackLocator {
  readonly #options: FindSpackOptions;
  readonly #listener: Listener | undefined;
  #instance: SpackInstance | undefined;
  /** Warnings that were passed on; more may come with every section that is read. */
  readonly #told = new Set<string>();

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
      if (!this.#told.has(message)) this.#listener?.({ type: "warning", message });
      this.#told.add(message);
    }
    return this.#instance;
  }

  /** The instance where there is one; undefined on a machine without Spack. */
  get instanceIfAny(): SpackInstance | undefined {
    try {
      return this.instance;
    } catch (error) {
      if (isSpackOciError(error) && error.code === "ERR_SPACK_NOT_FOUND" && !this.#isAskedFor)
        return undefined;
      throw error;
    }
  }

  /** Where Spack is, as far as that is known without looking for it. */
  get prefix(): string | undefined {
    return this.#instance?.root ?? this.#options.environmentVariables["SPACK_ROOT"];
  }

  /** The active environment; none where nothing asks for one. */
  get environment(): SpackEnvironment | undefined {
    return this.#isEnvironmentAskedFor ? this.instance.environment : undefined;
  }

  /** Another environment than the active one, by its name or its directory. */
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
   * Asks the instance what only recipes know; it is run then.
   *
   * @throws SpackOciError `ERR_NO_SPACK` (`usage`) where there is none
   */
  get spackQuery(): SpackQuery {
    const instance = this.instanceIfAny;
    if (instance === undefined) {
      throw new SpackOciError("ERR_NO_SPACK", "There is no Spack here that could be asked.", {
        kind: "usage",
        hint: 'Name it with "--spack-root DIR" or SPACK_ROOT, or leave out --run-environment=spack.',
      });
    }
    const { root } = instance;
    const options = this.#openOptions;
    return askingSpack((program, input, signal) => runSpackPython({ root, options, program, input, signal }));
  }

  get #openOptions(): OpenSpackOptions {
    const { environmentVariables: env, ...options } = this.#options;
    return { ...options, env };
  }

  /** Whether the user said something that only a Spack can fulfil. */
  get #isAskedFor(): boolean {
    const { spackRoot, configScopes = [], commandLine = [] } = this.#options;
    return [spackRoot, configScopes.length > 0, commandLine.length > 0, this.#isEnvironmentAskedFor].some(
      Boolean,
    );
  }

  get #isEnvironmentAskedFor(): boolean {
    const { environment, environmentDirectory, withoutEnvironment, environmentVariables } = this.#options;
    if (withoutEnvironment === true) return false;
    return [environment, environmentDirectory, environmentVariables["SPACK_ENV"]].some(Boolean);
  }
}
