// What a user's surroundings mean to the verbs: which Spack instance there is, what its mirrors are called, where its store is.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { isMounter, type Target } from "@spack-oci/oci-client";
import {
  type MirrorDirection,
  type OpenSpackOptions,
  openSpackInstance,
  openStore,
  readInstallDatabase,
  type SpackEnvironment,
  type SpackInstance,
  type Store,
  storeOfInstallTree,
} from "@spack-oci/spack-store";
import type { ImageSource } from "../base-image/base-image.js";
import type { Listener } from "../events.js";
import type { Destination } from "../pull/destination.js";
import { configuredDestination } from "./configured-destination.js";
import { type ConnectionSettings, connectionSettings } from "./connection-settings.js";
import { parseImage } from "./image-reference.js";
import { isLocation, type Mirror, type MirrorOptions, openLocation, openNamedMirror } from "./open-mirror.js";
import { type OwnStoreOptions, ownDestination } from "./own-destination.js";

/** What a user says of the surroundings, as Spack's own main options do. */
export interface SessionOptions extends Omit<OpenSpackOptions, "env" | "host"> {
  readonly environmentVariables: NodeJS.ProcessEnv;
  /** How registries are spoken to. */
  readonly registries?: MirrorOptions | undefined;
  readonly listener?: Listener | undefined;
}

/** A store of the user's own, where a root is named. */
export type OwnStoreRequest = { readonly [Key in keyof OwnStoreOptions]?: OwnStoreOptions[Key] | undefined };

/** One run in its surroundings. The Spack instance is looked for when something first needs it. */
export class Session {
  readonly #options: SessionOptions;
  #instance: SpackInstance | undefined;
  /** Warnings that were passed on; more may come with every section that is read. */
  readonly #told = new Set<string>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get environmentVariables(): NodeJS.ProcessEnv {
    return this.#options.environmentVariables;
  }

  /**
   * The Spack instance.
   *
   * @throws SpackOciError `ERR_SPACK_NOT_FOUND`, and the errors of `openSpackInstance`
   */
  get instance(): SpackInstance {
    const { environmentVariables, registries: _registries, listener, ...options } = this.#options;
    this.#instance ??= openSpackInstance({ ...options, env: environmentVariables });
    for (const message of this.#instance.warnings) {
      if (!this.#told.has(message)) listener?.({ type: "warning", message });
      this.#told.add(message);
    }
    return this.#instance;
  }

  /** The instance where there is one; undefined on a machine without Spack. */
  get instanceIfAny(): SpackInstance | undefined {
    try {
      return this.instance;
    } catch (error) {
      if (isSpackOciError(error) && error.code === "ERR_SPACK_NOT_FOUND" && !this.#asksForSpack)
        return undefined;
      throw error;
    }
  }

  /** Where Spack is, as far as that is known without looking for it. */
  get spackPrefix(): string | undefined {
    return this.#instance?.root ?? this.environmentVariables["SPACK_ROOT"];
  }

  /** The active environment; none where nothing asks for one. */
  get environment(): SpackEnvironment | undefined {
    return this.#asksForEnvironment ? this.instance.environment : undefined;
  }

  /**
   * Opens a mirror by its name in Spack's configuration, or by its location.
   *
   * @throws SpackOciError `ERR_MIRROR_UNKNOWN`, `ERR_MIRROR_CREDENTIALS`, `ERR_MIRROR_UNSUPPORTED`
   */
  openMirror(mirror: string, direction: MirrorDirection): Mirror {
    const environment = this.environmentVariables;
    const context = { direction, environment, options: this.#registryOptions };
    if (!isLocation(mirror)) return openNamedMirror(mirror, { ...context, instance: this.instance });
    // A directory needs neither credentials nor certificates.
    const instance = mirror.startsWith("oci-layout:") ? undefined : this.instanceIfAny;
    return openLocation(mirror, { ...context, instance });
  }

  /**
   * Opens an image to build on: `ubuntu:22.04`, `ghcr.io/x/y:tag`, a location with a tag, `oci-layout:DIRECTORY:TAG`. It has
   * credentials of its own; those in variables are for the mirror's host alone.
   *
   * @throws SpackOciError of kind `usage` where the text is none of these
   */
  openImage(image: string, mirror: Target): ImageSource {
    const environment = this.environmentVariables;
    const options = this.#registryOptions;
    const { location, reference } = parseImage(image);
    const instance = location.kind === "layout" ? undefined : this.instanceIfAny;
    const credentialHosts = isMounter(mirror) ? [mirror.host] : [];
    const context = { direction: "fetch", environment, options, instance, credentialHosts } as const;
    return { target: openLocation(location, context), reference };
  }

  /** For a client that speaks to a registry without there being a mirror. */
  get connectionSettings(): ConnectionSettings {
    return connectionSettings(this.environmentVariables, this.instanceIfAny, this.#registryOptions);
  }

  /**
   * The store to push from.
   *
   * @param directory what holds `.spack-db`, or the unpadded root above it; the instance's own store without
   */
  async store(directory?: string): Promise<Store> {
    if (directory !== undefined) return openStore(directory);
    return storeOfInstallTree(this.#requiredInstance("--store DIR").installTree);
  }

  /** The stores that the instance uses without writing to them; none for a store that was named. */
  async upstreamStores(directory?: string): Promise<readonly Store[]> {
    if (directory !== undefined) return [];
    return Promise.all([...this.instance.upstreams.values()].map((root) => openStore(root)));
  }

  /** The store to pull into: one of the user's own with a root, that of the instance without. */
  async destination(own: OwnStoreRequest = {}): Promise<Destination> {
    if (own.root !== undefined) return ownDestination({ ...own, root: own.root });
    if (own.paddedLength !== undefined || own.projections !== undefined) {
      throw new SpackOciError("ERR_ROOT_MISSING", "Padding and projections are for a store of one's own.", {
        kind: "usage",
        hint: `Name its root with "--root DIR"; those of Spack's own store are in its config.yaml.`,
      });
    }
    const instance = this.#requiredInstance("--root DIR");
    const upstreams = await Promise.all((await this.upstreamStores()).map(readInstallDatabase));
    return configuredDestination(instance, upstreams);
  }

  #requiredInstance(option: string): SpackInstance {
    const instance = this.instanceIfAny;
    if (instance !== undefined) return instance;
    throw new SpackOciError("ERR_NO_STORE", "No store was named, and there is no Spack here that has one.", {
      kind: "usage",
      hint: `Name the install tree with "${option}", or Spack itself with "--spack-root DIR" or SPACK_ROOT.`,
    });
  }

  /** What registries warn of is passed on. */
  get #registryOptions(): MirrorOptions {
    const { registries, listener } = this.#options;
    const onWarning = (place: string, text: string) =>
      listener?.({ type: "warning", message: `${place}: ${text}`, place });
    return { onWarning, ...registries };
  }

  /** Whether the user said something that only a Spack can fulfil. */
  get #asksForSpack(): boolean {
    const { spackRoot, configScopes = [], commandLine = [] } = this.#options;
    return (
      Boolean(spackRoot) || configScopes.length > 0 || commandLine.length > 0 || this.#asksForEnvironment
    );
  }

  get #asksForEnvironment(): boolean {
    const { environment, environmentDirectory, withoutEnvironment } = this.#options;
    if (withoutEnvironment === true) return false;
    return [environment, environmentDirectory, this.environmentVariables["SPACK_ENV"]].some(Boolean);
  }
}
