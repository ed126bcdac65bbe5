// What a layer says of itself in its last member, `.spack/binary_distribution`.

/** Where a package was built and which of its files name that place (Spack: binary_distribution.py, `get_buildinfo_dict`). */
export interface BuildInfo {
  /** Absent in layers of very old Spacks. */
  readonly sbangInstallPath: string | undefined;
  /** The root of the builder's install tree, padding included. */
  readonly buildPath: string;
  /** The builder's Spack itself; informative. */
  readonly spackPrefix: string | undefined;
  /** The package's prefix below `buildPath`; informative. */
  readonly relativePrefix: string | undefined;
  /** DAG hash to prefix: the package first, then what it may refer to. The order is the order of relocation. */
  readonly hashToPrefix: ReadonlyMap<string, string>;
  /** Whether a file with several names is listed under one of them only. */
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

/** The prefix that a member of an archive is the build info of; undefined where it is something else. */
export function prefixOfBuildInfo(memberName: string): string | undefined {
  return memberName.endsWith(`/${BUILD_INFO_PATH}`)
    ? memberName.slice(0, -BUILD_INFO_PATH.length - 1)
    : undefined;
}
