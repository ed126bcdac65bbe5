// What a layer says about itself in its last member, `.spack/binary_distribution`.

/**
 * Where a package was built, and which of its files contain that path (Spack: binary_distribution.py,
 * `get_buildinfo_dict`).
 */
export interface BuildInfo {
  /** Missing in layers of very old versions of Spack. */
  readonly sbangInstallPath: string | undefined;
  /** The root of the builder's install tree, padding included. */
  readonly buildPath: string;
  /** The Spack that built the package; informative. */
  readonly spackPrefix: string | undefined;
  /** The package's prefix below `buildPath`; informative. */
  readonly relativePrefix: string | undefined;
  /** DAG hash to prefix: the package first, then those it may refer to, in the order of relocation. */
  readonly hashToPrefix: ReadonlyMap<string, string>;
  /** Whether a file with several names is listed under only one of them. */
  readonly hardlinksDeduped: boolean;
  /** Files with an ELF or Mach-O magic, relative to the prefix. */
  readonly relocateBinaries: readonly string[];
  /** Absolute symbolic links into a known prefix. */
  readonly relocateLinks: readonly string[];
  /** Text files in which a known prefix occurs. */
  readonly relocateTextFiles: readonly string[];
}

/** Path of the build info below a package's prefix. */
export const BUILD_INFO_PATH = ".spack/binary_distribution";

/** The prefix that a member of an archive describes; undefined if the member is not a build info. */
export function prefixOfBuildInfo(memberName: string): string | undefined {
  return memberName.endsWith(`/${BUILD_INFO_PATH}`)
    ? memberName.slice(0, -BUILD_INFO_PATH.length - 1)
    : undefined;
}
