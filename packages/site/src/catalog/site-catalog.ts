// Defines catalog.json: everything that a site shows, for the site's own scripts and for other programs.

/** The version of the format. Readers ignore members that they do not know; a change of meaning needs a new version. */
export const CATALOG_VERSION = 1;

/** What a buildcache held when it was read. docs/schema/site-catalog.json describes the same as a JSON schema. */
export interface SiteCatalog {
  readonly version: typeof CATALOG_VERSION;
  /** The name of the buildcache: `oci://HOST/PATH` or `oci-layout:DIRECTORY`. */
  readonly mirror: string;
  /** When it was read; an ISO 8601 time in UTC. */
  readonly read: string;
  /** Packages with a binary, sorted by name, version and hash. */
  readonly packages: readonly SitePackage[];
  /** Specs that packages depend on, but that the buildcache has no binary of; sorted in the same way. */
  readonly others: readonly SiteSpec[];
  readonly findings: readonly SiteFinding[];
}

/** A concrete spec. */
export interface SiteSpec {
  readonly name: string;
  readonly version: string;
  /** DAG hash. */
  readonly hash: string;
  readonly namespace: string | null;
  readonly architecture: SiteArchitecture | null;
  /** Variants and compiler flags, as in `spec.json`. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Names of the parameters that dependencies take, too. */
  readonly propagated: readonly string[];
  /** Checksums. */
  readonly patches: readonly string[];
  /** Whether Spack did not install it. */
  readonly external: boolean;
  readonly origin: SpecOrigin;
  readonly dependencies: readonly SiteDependency[];
}

/** What a spec tells about the Spack that made it. */
export interface SpecOrigin {
  /** The version of the format that the spec was first written in; compilers are dependencies since version 5. */
  readonly specVersion: number;
  /** `name@=version` of the compiler, only before version 5. */
  readonly compiler?: string;
}

export interface SiteArchitecture {
  readonly platform: string;
  readonly os: string;
  readonly target: string;
}

/** An edge to a direct dependency. */
export interface SiteDependency {
  readonly hash: string;
  /** `build`, `link`, `run`, `test`. */
  readonly types: readonly string[];
  /** The virtual packages that the dependency provides along this edge. */
  readonly virtuals: readonly string[];
  /** Whether it was requested with `%`. */
  readonly direct: boolean;
}

/** A package with a binary. */
export interface SitePackage extends SiteSpec {
  readonly tag: string;
  /** Undefined if the image could not be read; a finding says why. */
  readonly image?: SiteImage;
}

/** What the image of a package adds to its spec. */
export interface SiteImage {
  /** Digest of the manifest. */
  readonly manifest: string;
  /** The package's own layer. */
  readonly layer: { readonly digest: string; readonly size: number; readonly mediaType: string };
  /** Number of all layers, and their bytes: those of the runtime dependencies and of a base image, too. */
  readonly layers: { readonly count: number; readonly size: number };
  /** When the layer was packed; an ISO 8601 time. */
  readonly packed: string | null;
  /** `org.opencontainers.image.authors` of the manifest or the config. */
  readonly authors: string | null;
  /** The Spack that built it. */
  readonly spackVersion: string | null;
  /** Where it was installed when it was packed. */
  readonly place: SitePlace | null;
  /** `NAME=VALUE` each. */
  readonly environment: readonly string[];
  /** Media types or suffixes of what refers to the image, such as `sig` for a signature of cosign. */
  readonly referrers: readonly string[];
  /** The largest files of the layer, by path below the prefix; only if the layers were read. */
  readonly largestFiles?: readonly SiteFile[];
}

interface SitePlace {
  readonly prefix: string;
  /** The root of the install tree, with and without its padding. */
  readonly root: string;
  readonly unpaddedRoot: string;
  /** Length of the root in characters; null if it is not padded. */
  readonly paddedLength: number | null;
}

export interface SiteFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** A problem that `check` or `audit` reported, or that came up while the buildcache was read. */
export interface SiteFinding {
  readonly severity: "error" | "warning" | "unknown";
  readonly kind: string;
  readonly what: string;
  readonly hint: string;
  /** The tag that it is about, if it is about one. */
  readonly tag: string | null;
}
