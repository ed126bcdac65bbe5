// An opened Spack instance: its version, its configuration and derived settings.

import type { Configuration } from "../configuration.js";
import { compatibleSystems } from "../derived/compatible-systems.js";
import { type InstallTree, installTree } from "../derived/install-tree.js";
import { misspelledSettings } from "../derived/misspelled-settings.js";
import { type ModuleSetConfiguration, moduleSets } from "../derived/module-sets.js";
import { type ConfiguredPermissions, configuredPermissions } from "../derived/permissions.js";
import { prefixInspections } from "../derived/prefix-inspections.js";
import { type PackageRepository, repositories } from "../derived/repositories.js";
import { systemCompilers } from "../derived/system-compilers.js";
import { templateDirectories } from "../derived/template-directories.js";
import { unappliedSettings } from "../derived/unapplied-settings.js";
import { upstreams } from "../derived/upstreams.js";
import { type ConfiguredView, environmentViews } from "../derived/views.js";
import type { SpackEnvironment } from "../environment/environment.js";
import {
  type LockedEnvironment,
  managedEnvironments,
  openLockedEnvironment,
} from "../environment/locked-environments.js";
import type { HostArchitecture } from "../host/host.js";
import type { PathContext } from "../paths/variables.js";
import type { ValidationContext } from "../sections/match-schema.js";
import { UserConfiguration } from "./user-configuration.js";

/** The parts of an instance. */
export interface SpackInstanceParts {
  readonly configuration: Configuration;
  readonly paths: PathContext;
  readonly validation: ValidationContext;
  readonly environment: SpackEnvironment | undefined;
  readonly warnings: Set<string>;
}

/** A Spack instance, as seen by one command. Its methods throw the errors of {@link Configuration.section}. */
export class SpackInstance extends UserConfiguration {
  /** The active environment, if any. */
  readonly environment: SpackEnvironment | undefined;
  readonly #warnings: Set<string>;

  constructor({ environment, warnings, ...parts }: SpackInstanceParts) {
    super(parts);
    this.environment = environment;
    this.#warnings = warnings;
  }

  /** The directory that contains `bin/spack`. */
  get root(): string {
    return this.paths.spackRoot;
  }

  /** The version of Spack, such as `1.2.0.dev0`. */
  get version(): string {
    return this.paths.spackVersion;
  }

  /** Warnings that Spack would print, for the parts of the configuration read so far. */
  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  /** Warnings about settings that an installation by Spack would apply, and one by this program does not. */
  get unappliedSettings(): readonly string[] {
    return unappliedSettings(this.configuration);
  }

  /** Warnings about keys that Spack silently ignores, and that are similar to settings. */
  get misspelledSettings(): readonly string[] {
    return misspelledSettings(this.configuration);
  }

  /** Where packages are installed. */
  get installTree(): InstallTree {
    const tree = installTree(this.configuration, this.paths);
    for (const warning of tree.warnings) this.#warnings.add(warning);
    return tree;
  }

  /** The install trees of other instances that this one uses, by name. */
  get upstreams(): Map<string, string> {
    return upstreams(this.configuration, this.paths);
  }

  /** The views of the active environment; none without one. */
  get views(): readonly ConfiguredView[] {
    return this.environment === undefined
      ? []
      : environmentViews(this.environment.path, this.configuration, this.paths);
  }

  /**
   * All managed environments, by what their lock files refer to.
   *
   * @throws SpackOciError `ERR_LOCKFILE` or `ERR_LOCKFILE_VERSION` if one of them cannot be read
   */
  get managedEnvironments(): readonly LockedEnvironment[] {
    return managedEnvironments(this);
  }

  /**
   * What the lock file of an environment refers to, by its name or directory.
   *
   * @throws SpackOciError `ERR_ENVIRONMENT_NOT_FOUND`, and as above
   */
  lockedEnvironment(nameOrDirectory: string): LockedEnvironment {
    return openLockedEnvironment(nameOrDirectory, this);
  }

  /** The architecture of this machine. */
  get host(): HostArchitecture {
    return this.paths.host();
  }

  /** The operating systems whose packages this machine can reuse. */
  get compatibleSystems(): ReadonlySet<string> {
    return compatibleSystems(this.configuration, this.host.os);
  }

  /** The permissions of a package's files. */
  permissions(packageName: string): ConfiguredPermissions {
    return configuredPermissions(packageName, this.configuration);
  }

  /** Which directories of a prefix are added to which environment variables. */
  get prefixInspections(): Map<string, readonly string[]> {
    return prefixInspections(this.configuration, this.paths.host().platform);
  }

  /** The sets of module files. */
  get moduleSets(): ModuleSetConfiguration[] {
    return moduleSets(this.configuration, this.paths);
  }

  /** Where templates of module files are looked for, in order. */
  get templateDirectories(): string[] {
    return templateDirectories(this.configuration, this.paths);
  }

  /** The package repositories that are on this machine, in order. */
  get repositories(): PackageRepository[] {
    return repositories(this.configuration, this.paths);
  }

  /** Specs of the configured compilers in directories of the system. */
  get systemCompilers(): string[] {
    return systemCompilers(this.configuration);
  }
}
