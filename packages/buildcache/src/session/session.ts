// What a user's surroundings mean to the verbs: which Spack instance there is, what its mirrors are called, where its store is.

import { SpackOciError } from "@spack-oci/errors";
import {
  type CacheDirectory,
  isDigest,
  isMounter,
  type Location,
  parseLocation,
  type Target,
} from "@spack-oci/oci-client";
import type { MirrorDirection, SpackEnvironment, SpackInstance } from "@spack-oci/spack-config";
import { openStore, readInstallDatabase, type Store, storeOfInstallTree } from "@spack-oci/spack-store";
import { configuredDestination } from "../destination/configured-destination.js";
import type { Destination } from "../destination/destination.js";
import { ownDestination } from "../destination/own-destination.js";
import type { Listener } from "../events/events.js";
import type { TreeRequest } from "../install-tree/canonical-tree.js";
import type { RememberedTree } from "../install-tree/settle-tree.js";
import type { ImageSource } from "../package-image/base-image.js";
import type { AskSpack } from "../recipe-env/ask-spack.js";
import type { Origins } from "../reuse/find-originals.js";
import type { DirectoryFiles } from "../sources/v3-mirror/directory-files.js";
import type { MirrorFiles } from "../sources/v3-mirror/mirror-files.js";
import { blobCache } from "./blob-cache.js";
import { type ConnectionSettings, connectionSettings } from "./connection-settings.js";
import { type FindSpackOptions, FoundSpack } from "./found-spack.js";
import { parseImage } from "./image-reference.js";
import { rememberedTree } from "./mirror-settings.js";
import {
  isLocation,
  type Mirror,
  type MirrorContext,
  type MirrorOptions,
  nameWithoutSpack,
  openLocation,
  openNamedMirror,
} from "./open-mirror.js";
import { openUrlMirror, openWritableUrlMirror } from "./open-url-mirror.js";

/** What a user says of the surroundings. */
export interface SessionOptions extends FindSpackOptions {
  /** How registries are spoken to. */
  readonly registries?: MirrorOptions | undefined;
  readonly listener?: Listener | undefined;
}

/** A store of the user's own, where a root is named. */
export type OwnStoreRequest = { readonly [Key in keyof TreeRequest]?: TreeRequest[Key] | undefined };

/** Where an image goes. */
export interface ImageDestination {
  /** What it is made of. */
  readonly mirror: Mirror;
  readonly tag: string;
  /** Where it is put; the mirror itself without. */
  readonly destination?: Mirror | undefined;
}

/** One run in its surroundings. The Spack instance is looked for when something first needs it. */
export class Session {
  readonly environmentVariables: NodeJS.ProcessEnv;
  readonly #registryOptions: MirrorOptions;
  readonly #spack: FoundSpack;

  constructor({ registries, listener, ...options }: SessionOptions) {
    this.environmentVariables = options.environmentVariables;
    this.#spack = new FoundSpack(options, listener);
    // What registries warn of is passed on.
    const onWarning = (place: string, text: string) =>
      listener?.({ type: "warning", message: `${place}: ${text}`, place });
    this.#registryOptions = { onWarning, ...registries };
  }

  /**
   * The Spack instance.
   *
   * @throws SpackOciError `ERR_SPACK_NOT_FOUND`, and the errors of `openSpackInstance`
   */
  get instance(): SpackInstance {
    return this.#spack.instance;
  }

  /** The instance where there is one; undefined on a machine without Spack. */
  get instanceIfAny(): SpackInstance | undefined {
    return this.#spack.instanceIfAny;
  }

  /** Where Spack is, as far as that is known without looking for it. */
  get spackPrefix(): string | undefined {
    return this.#spack.prefix;
  }

  /** The active environment; none where nothing asks for one. */
  get environment(): SpackEnvironment | undefined {
    return this.#spack.environment;
  }

  /**
   * Another environment than the active one, by its name or its directory.
   *
   * @throws SpackOciError as `openSpackInstance` does
   */
  otherEnvironment(nameOrDirectory: string): SpackEnvironment {
    return this.#spack.otherEnvironment(nameOrDirectory);
  }

  /**
   * Asks the Spack instance what only recipes know; it is run then.
   *
   * @throws SpackOciError `ERR_NO_SPACK` (`usage`) where there is none
   */
  get askSpack(): AskSpack {
    return this.#spack.askSpack;
  }

  /**
   * Opens a mirror by its name in Spack's configuration, or by its location.
   *
   * @param options `direct` asks the registry itself, and neither mirrors of it nor what was kept of it before
   * @throws SpackOciError `ERR_MIRROR_UNKNOWN`, `ERR_MIRROR_CREDENTIALS`, `ERR_MIRROR_UNSUPPORTED`
   */
  openMirror(
    mirror: string,
    direction: MirrorDirection,
    { direct }: { readonly direct?: boolean } = {},
  ): Mirror {
    const environment = this.environmentVariables;
    const context = { direction, environment, direct, options: this.#registryOptions };
    if (!isLocation(mirror))
      return openNamedMirror(mirror, { ...context, instance: this.#instanceThatNames(mirror) });
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
    const { location, reference, fullName } = parseImage(image);
    return { target: this.#openBeside(location, mirror, "fetch"), reference, fullName };
  }

  /** What this user's own configuration says of a mirror's canonical install tree. */
  rememberedTree(mirror: Target): RememberedTree | undefined {
    return rememberedTree(this.environmentVariables, mirror);
  }

  /** Where packages that were pulled came from, for pushing them to a mirror; undefined where nothing is remembered. */
  origins(mirror: Target): Origins | undefined {
    const { cache } = this;
    return cache && { cache, open: (location) => this.#openBeside(parseLocation(location), mirror, "fetch") };
  }

  #instanceThatNames(mirror: string): SpackInstance {
    const instance = this.instanceIfAny;
    if (instance !== undefined) return instance;
    try {
      return this.instance;
    } catch (error) {
      throw nameWithoutSpack(mirror, error);
    }
  }

  #openBeside(location: Location, mirror: Target, direction: MirrorDirection): Mirror {
    const environment = this.environmentVariables;
    const options = this.#registryOptions;
    const instance = location.kind === "layout" ? undefined : this.instanceIfAny;
    const credentialHosts = isMounter(mirror) ? [mirror.host] : [];
    return openLocation(location, { direction, environment, options, instance, credentialHosts });
  }

  /**
   * Opens a mirror, and the place for an image that is made of what is in it: a tag of the mirror itself, or an image by its full
   * name, as `openImage` takes it.
   *
   * @throws SpackOciError of kind `usage` where the text is neither, and as `openMirror` does
   */
  openImageDestination(mirror: string, name: string): ImageDestination {
    if (!/[:/]/.test(name)) return { mirror: this.openMirror(mirror, "push"), tag: name };
    const { location, reference } = parseImage(name);
    if (isDigest(reference)) {
      const message = `${name} names an image by its digest, which only what is in it can give it.`;
      throw new SpackOciError("ERR_IMAGE_NAME", message, { kind: "usage", place: name, hint: "Name a tag." });
    }
    const from = this.openMirror(mirror, "fetch");
    return { mirror: from, tag: reference, destination: this.#openBeside(location, from, "push") };
  }

  /**
   * Opens a Spack v3 mirror: a directory, `file://`, `https://` or `http://`, or the name of a configured one that is there.
   *
   * @throws SpackOciError `ERR_MIRROR_UNSUPPORTED`
   */
  openUrlMirror(mirror: string): MirrorFiles {
    return openUrlMirror(mirror, this.#urlMirrorContext(mirror, "fetch"));
  }

  /** The same to be written to, which only a directory can be. */
  openWritableUrlMirror(mirror: string): DirectoryFiles {
    return openWritableUrlMirror(mirror, this.#urlMirrorContext(mirror, "push"));
  }

  #urlMirrorContext(mirror: string, direction: MirrorDirection): MirrorContext {
    const environment = this.environmentVariables;
    const options = this.#registryOptions;
    const isPath = mirror.includes("/") && !isLocation(mirror);
    return { direction, environment, options, instance: isPath ? undefined : this.instanceIfAny };
  }

  /** What is kept of indices and configs between runs; undefined where nothing is. */
  get cache(): CacheDirectory | undefined {
    return blobCache(this.environmentVariables, undefined);
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
}
