// Opens what a user names as a mirror or an image.

import { SpackOciError } from "@spack-oci/errors";
import {
  type CacheDirectory,
  isDigest,
  isMounter,
  type Location,
  parseLocation,
  type Target,
} from "@spack-oci/oci-client";
import type { MirrorDirection } from "@spack-oci/spack-config";
import type { RememberedInstallTree } from "../install-tree/resolve-install-tree.js";
import type { ImageSource } from "../package-image/base-image.js";
import type { ReuseSources } from "../reuse/find-reusable-layers.js";
import type { Buildcache } from "../schedule/run.js";
import type { DirectoryFiles } from "../sources/v3-mirror/directory-files.js";
import type { MirrorFiles } from "../sources/v3-mirror/mirror-files.js";
import { parseImage } from "./image-reference.js";
import { rememberedInstallTree } from "./mirror-settings.js";
import { mirrorVerifier, type Verification } from "./mirror-verifier.js";
import {
  isBuildcacheLocation,
  isLocation,
  nameWithoutSpack,
  type OpenContext,
  openLocation,
  openNamedMirror,
  type RegistryOptions,
} from "./open-mirror.js";
import { isV3Location, openV3Mirror, openWritableV3Mirror } from "./open-v3-mirror.js";
import type { SpackLocator } from "./spack-locator.js";

/** Where an image is written. */
export interface ImageDestination {
  /** The buildcache that has its packages. */
  readonly mirror: Buildcache;
  readonly tag: string;
  /** Where the image is written; the buildcache itself if undefined. */
  readonly destination?: Buildcache | undefined;
}

/** How a mirror is opened. */
export interface OpenOptions {
  /** Asks the registry itself: neither a pull-through cache nor the local cache. */
  readonly direct?: boolean;
  /** By default, policies decide which signatures packages need. */
  readonly verification?: Verification;
}

export interface MirrorOpenerOptions extends RegistryOptions {
  readonly cache: CacheDirectory | undefined;
}

export class MirrorOpener {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #spack: SpackLocator;
  readonly #options: RegistryOptions;
  readonly #cache: CacheDirectory | undefined;

  constructor(
    environment: NodeJS.ProcessEnv,
    spack: SpackLocator,
    { cache, ...options }: MirrorOpenerOptions,
  ) {
    this.#environment = environment;
    this.#spack = spack;
    this.#options = options;
    this.#cache = cache;
  }

  /**
   * Opens a buildcache by its location, or by the name of a mirror in Spack's configuration.
   *
   * @param options `direct` bypasses pull-through caches and the local cache
   * @throws SpackOciError `ERR_MIRROR_UNKNOWN`, `ERR_MIRROR_CREDENTIALS`, `ERR_MIRROR_UNSUPPORTED`, and as
   *   `mirrorVerifier` does
   */
  open(mirror: string, direction: MirrorDirection, { direct, verification }: OpenOptions = {}): Buildcache {
    const context = { ...this.#context(direction), direct };
    if (!isLocation(mirror)) {
      this.#requireKnown(mirror);
      const configured = this.#spack.configuration;
      return this.#guard(openNamedMirror(mirror, { ...context, configured }), verification);
    }
    // A directory needs neither credentials nor certificates.
    const configured = mirror.startsWith("oci-layout:") ? undefined : this.#spack.configuration;
    return this.#guard(openLocation(mirror, { ...context, configured }), verification);
  }

  /** Whether a word is the location of a buildcache, or the name of a configured mirror. */
  isMirror(word: string): boolean {
    return isLocation(word) || this.#spack.configuration.mirrors().some(({ name }) => name === word);
  }

  /**
   * Opens the mirrors of the configuration that have binaries, in the order in which Spack tries them, as far as they
   * are OCI buildcaches. Credentials in environment variables are only for the host of the first one.
   *
   * @returns also the names of the others
   * @throws SpackOciError `ERR_NO_MIRRORS` (`usage`) if no OCI buildcache is configured
   */
  openConfigured(verification?: Verification): {
    readonly buildcaches: readonly Buildcache[];
    readonly others: readonly string[];
  } {
    const { configuration } = this.#spack;
    const mirrors = configuration.mirrors({ binary: true });
    const isOci = ({ connection }: (typeof mirrors)[number]) => isBuildcacheLocation(connection("fetch").url);
    const names = mirrors.filter(isOci).map(({ name }) => name);
    const others = mirrors.filter((mirror) => !isOci(mirror)).map(({ name }) => name);
    const [firstName, ...furtherNames] = names;
    if (firstName === undefined) {
      const message = "No mirror of the configuration is an OCI buildcache with binaries.";
      throw new SpackOciError("ERR_NO_MIRRORS", message, {
        kind: "usage",
        hint: 'Add one with "spack-oci mirror add NAME oci://HOST/PATH", or name a mirror: spack-oci pull MIRROR, spack-oci list MIRROR.',
      });
    }
    const first = this.open(firstName, "fetch", { verification });
    const credentialHosts = isMounter(first) ? [first.host] : [];
    const context = { ...this.#context("fetch"), configured: configuration, credentialHosts };
    const further = furtherNames.map((name) => this.#guard(openNamedMirror(name, context), verification));
    return { buildcaches: [first, ...further], others };
  }

  /**
   * Opens a source of a copy: a buildcache, or a Spack v3 mirror, which is a directory (`/x`, `./x` or `../x`),
   * `file://`, `https://` or `http://`, or the name of a configured mirror at one of these.
   *
   * @throws SpackOciError as `open` does
   */
  openSource(mirror: string, verification?: Verification): Buildcache | MirrorFiles {
    const url = this.#v3UrlOf(mirror, "fetch");
    return url === undefined
      ? this.open(mirror, "fetch", { verification })
      : openV3Mirror(url, this.#v3Context("fetch"));
  }

  /** Opens a destination of a copy: a buildcache, or a Spack v3 mirror in a directory. */
  openDestination(mirror: string): Buildcache | DirectoryFiles {
    const url = this.#v3UrlOf(mirror, "push");
    return url === undefined ? this.open(mirror, "push") : openWritableV3Mirror(url);
  }

  /**
   * Opens a base image: `ubuntu:22.04`, `ghcr.io/x/y:tag`, a location with a tag, or `oci-layout:DIRECTORY:TAG`. It
   * has its own credentials; those in environment variables are only for the host of the buildcache.
   *
   * @throws SpackOciError of kind `usage` if the text is none of these
   */
  openImage(image: string, mirror: Target): ImageSource {
    const { location, reference, fullName } = parseImage(image);
    return { target: this.#openBeside(location, mirror, "fetch"), reference, fullName };
  }

  /**
   * Opens a buildcache, and the destination for an image of its packages: a tag of the buildcache itself, or the full
   * name of an image, as `openImage` takes it.
   *
   * @throws SpackOciError of kind `usage` if the text is neither, and as `open` does
   */
  openImageDestination(mirror: string, name: string, verification?: Verification): ImageDestination {
    if (!/[:/]/.test(name)) return { mirror: this.open(mirror, "push", { verification }), tag: name };
    const { location, reference } = parseImage(name);
    if (isDigest(reference)) {
      const message = `${name} names an image by its digest, which follows from its content.`;
      throw new SpackOciError("ERR_IMAGE_NAME", message, { kind: "usage", place: name, hint: "Use a tag." });
    }
    const from = this.open(mirror, "fetch", { verification });
    return { mirror: from, tag: reference, destination: this.#openBeside(location, from, "push") };
  }

  /** The install tree that the user's configuration has for a buildcache. */
  rememberedInstallTree(mirror: Target): RememberedInstallTree | undefined {
    return rememberedInstallTree(this.#environment, mirror);
  }

  /** Where pulled packages came from, for pushing them to a buildcache; undefined if nothing is remembered. */
  reuseSources(mirror: Target): ReuseSources | undefined {
    const cache = this.#cache;
    return cache && { cache, open: (location) => this.#openBeside(parseLocation(location), mirror, "fetch") };
  }

  /** Has packages of a mirror verified before they are used. */
  #guard(opened: Buildcache, verification: Verification): Buildcache {
    const { onWarning } = this.#options;
    const verifier = mirrorVerifier(opened, verification, { environment: this.#environment, onWarning });
    return Object.assign(opened, { verifier });
  }

  #context(direction: MirrorDirection): OpenContext {
    return { direction, environment: this.#environment, options: this.#options };
  }

  #v3Context(direction: MirrorDirection): OpenContext {
    return { ...this.#context(direction), configured: this.#spack.configuration };
  }

  /** Undefined for a buildcache, and for a name that is not configured. */
  #v3UrlOf(mirror: string, direction: MirrorDirection): string | undefined {
    if (isV3Location(mirror)) return mirror;
    if (isLocation(mirror)) return undefined;
    const named = this.#spack.configuration.mirrors().find(({ name }) => name === mirror);
    const url = named?.connection(direction).url;
    return url !== undefined && isV3Location(url) ? url : undefined;
  }

  /** Without Spack, a name that the user has not configured may be one that Spack's own configuration has. */
  #requireKnown(mirror: string): void {
    const { instanceIfAny, configuration } = this.#spack;
    const known = configuration.mirrors().map(({ name }) => name);
    if (instanceIfAny !== undefined || known.includes(mirror)) return;
    try {
      this.#spack.instance;
    } catch (error) {
      throw nameWithoutSpack(mirror, known, error);
    }
  }

  #openBeside(location: Location, mirror: Target, direction: MirrorDirection): Buildcache {
    const configured = location.kind === "layout" ? undefined : this.#spack.configuration;
    const credentialHosts = isMounter(mirror) ? [mirror.host] : [];
    return openLocation(location, { ...this.#context(direction), configured, credentialHosts });
  }
}
