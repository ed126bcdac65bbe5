// Every count and length of a layer that this package accepts from outside, far above what packages have. A layer
// beyond one is refused as corrupt before it is held in memory or written.

/** Bytes of the extended headers before one member, with their blocks. A path is at most a few kilobytes long. */
export const MAX_EXTENDED_HEADERS: number = 1024 * 1024;

/** Bytes of all global headers of an archive. `git archive` writes one of 52 bytes; Spack writes none. */
export const MAX_GLOBAL_HEADERS: number = 1024 * 1024;

/** Bytes of a member's name or of a link's target: four times Linux's PATH_MAX. */
export const MAX_NAME_LENGTH: number = 16 * 1024;

/** Bytes of a path below the prefix of its package. */
export const MAX_INNER_PATH_LENGTH = 2048;

/** Bytes of the path of a file that is unpacked, which the system calls limit (PATH_MAX). */
export const MAX_PATH_LENGTH: number = (process.platform === "darwin" ? 1024 : 4096) - 1;

/** Bytes of a single name in a directory, on every usual file system (NAME_MAX). */
export const MAX_COMPONENT_LENGTH = 255;

/** Bytes by which the name of a directory can grow until it is a prefix: NAME_MAX. */
export const MAX_RENAME_GROWTH: number = 255;

/**
 * Bytes of the names of directories and links that are kept until the end of a layer, each with {@link NAME_OVERHEAD}.
 */
export const MAX_KEPT_NAMES: number = 80 * 1024 * 1024;

/** Bytes that a name takes in memory beyond its own. */
export const NAME_OVERHEAD = 128;

/** Bytes of all names in layers that are merged, each with {@link MERGED_NAME_OVERHEAD}: about 600 000 files. */
export const MAX_MERGED_NAMES: number = 192 * 1024 * 1024;

/** Bytes that a name takes in the tables of a merge beyond its own. */
export const MERGED_NAME_OVERHEAD = 256;

/** Bytes. The lists of a package with a hundred thousand files take 10 MB. */
export const MAX_BUILD_INFO: number = 16 * 1024 * 1024;

/**
 * Line breaks, commas and opening brackets of a build info that needs a complete YAML parser, which takes a kilobyte
 * for each. Spack's own build infos do so only because of unusual names.
 */
export const MAX_YAML_ITEMS = 150_000;

/** Bytes of a zstd frame's window: what `zstd -d` accepts without `--long` (zstd.h). */
export const MAX_ZSTD_WINDOW: number = 2 ** 27;
