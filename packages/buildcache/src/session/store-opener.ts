// Opens the stores that a run reads or writes: Spack's own, or one that the user names.

import { realpathSync } from "node:fs";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { dataDirectory } from "@spack-oci/oci-client";
import type { LockedEnvironment, SpackInstance } from "@spack-oci/spack-config";
import { openStore, readInstallDatabase, type Store, storeOfInstallTree } from "@spack-oci/spack-store";
import { requestedEnvironment } from "../catalog/spec-request.js";
import { configuredDestination, lockSettings } from "../destination/configured-destination.js";
import type { Destination, EnvironmentViews, LockSettings } from "../destination/destination.js";
import { configuredModules } from "../destination/module-configuration.js";
import { ownDestination } from "../destination/own-destination.js";
import type { Listener } from "../events/events.js";
import type { InstallTreeRequest } from "../install-tree/install-tree.js";
import type { SpackLocator } from "./spack-locator.js";

/** A store outside of Spack, if a root is given. */
export type OwnStoreRequest = {
  readonly [Key in keyof InstallTreeRequest]?: InstallTreeRequest[Key] | undefined;
};

/** A store that exists, and the environments that use it. */
export interface InstalledStore {
  readonly destination: Destination;
  /** The managed environments besides the active one. */
  readonly otherEnvironments: readonly LockedEnvironment[];
}

export class StoreOpener {
  readonly #spack: SpackLocator;
  readonly #listener: Listener | undefined;

  /** @param listener is warned of settings that a pull does not apply */
  constructor(spack: SpackLocator, listener?: Listener) {
    this.#spack = spack;
    this.#listener = listener;
  }

  /**
   * An existing store, to read packages from.
   *
   * @param directory the directory that holds `.spack-db`, or the unpadded root above it; the instance's own store if
   *   undefined
   * @param option the one that names the directory, for the hint of an error
   * @throws SpackOciError `ERR_NO_STORE` (`usage`) without a directory and without Spack
   */
  async open(directory?: string, option: "--store" | "--root" = "--store"): Promise<Store> {
    if (directory !== undefined) return openStore(directory);
    return storeOfInstallTree(this.#requiredInstance(`${option} DIR`).installTree);
  }

  /** The upstream stores of the instance, which are never written; none if the store is given by its directory. */
  async upstreams(directory?: string): Promise<readonly Store[]> {
    if (directory !== undefined) return [];
    return Promise.all([...this.#spack.instance.upstreams.values()].map((root) => openStore(root)));
  }

  /**
   * The root of the user's own store, for packages to run without installing them anywhere else: `spack-oci` below
   * `XDG_DATA_HOME`, or below `~/.local/share` (XDG Base Directory Specification).
   */
  userRoot(environment: NodeJS.ProcessEnv): string {
    return join(dataDirectory(environment), "spack-oci");
  }

  /** How stores are locked, by the configuration of Spack; Spack's defaults without a Spack. */
  lockSettings(): LockSettings {
    const instance = this.#spack.instanceIfAny;
    return instance === undefined ? {} : lockSettings(instance);
  }

  /**
   * The store to pull into: one outside of Spack if a root is given, else that of the instance.
   *
   * @throws SpackOciError `ERR_ROOT_MISSING` (`usage`) for padding or projections without a root, and as `open` does
   */
  async destination(own: OwnStoreRequest = {}): Promise<Destination> {
    if (own.root !== undefined) {
      return ownDestination({ ...own, root: own.root }, this.lockSettings());
    }
    if (own.paddedLength !== undefined || own.projections !== undefined) {
      throw new SpackOciError("ERR_ROOT_MISSING", "--padded-length and --projection require --root.", {
        kind: "usage",
        hint: `Add "--root DIR"; Spack's own store takes both from its config.yaml.`,
      });
    }
    const instance = this.#requiredInstance("--root DIR");
    this.#warnOfSettings(instance);
    return this.#configured(instance);
  }

  /**
   * An existing store, to remove packages from. Managed environments refer to packages of Spack's own store only.
   *
   * @param root as for a pull; the instance's own store if undefined
   * @throws SpackOciError as {@link open} does
   */
  async installed(root?: string): Promise<InstalledStore> {
    if (root !== undefined && !(await this.#isOwn(root))) {
      const own = ownDestination({ root }, this.lockSettings());
      return { destination: { ...own, store: await openStore(root) }, otherEnvironments: [] };
    }
    const instance = this.#requiredInstance("--root DIR");
    const active = instance.environment && realpathSync(instance.environment.path);
    return {
      destination: await this.#configured(instance),
      otherEnvironments: instance.managedEnvironments.filter(({ directory }) => directory !== active),
    };
  }

  async #isOwn(root: string): Promise<boolean> {
    const instance = this.#spack.instanceIfAny;
    return (
      instance !== undefined && (await openStore(root)).root === storeOfInstallTree(instance.installTree).root
    );
  }

  async #configured(instance: SpackInstance): Promise<Destination> {
    const upstreams = await Promise.all((await this.upstreams()).map(readInstallDatabase));
    const environmentViews = this.#environmentViews(instance);
    const modules = configuredModules(instance, (program, input, signal) =>
      this.#spack.runPythonIn(instance)(program, input, signal),
    );
    return { ...configuredDestination(instance, upstreams), environmentViews, modules };
  }

  /** The views of the active environment; undefined without any, or before the environment was concretized. */
  #environmentViews({ environment, views }: SpackInstance): EnvironmentViews | undefined {
    if (environment?.lockfile === undefined || views.length === 0) return undefined;
    const { name, graph } = requestedEnvironment(environment);
    return {
      environment: name,
      directory: environment.path,
      views,
      roots: environment.rootHashes,
      graph,
      runSpack: (signal) => this.#spack.regenerateViews(signal),
    };
  }

  #warnOfSettings(instance: SpackInstance): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    for (const message of instance.unappliedSettings) listener({ type: "warning", message });
  }

  #requiredInstance(option: string): SpackInstance {
    const instance = this.#spack.instanceIfAny;
    if (instance !== undefined) return instance;
    throw new SpackOciError("ERR_NO_STORE", "No store given and no Spack installation found.", {
      kind: "usage",
      hint: `Name the install tree with "${option}", or Spack with "--spack-root DIR" or SPACK_ROOT.`,
    });
  }
}
