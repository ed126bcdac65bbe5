// The kinds of version that Spack knows: plain ones, git references, ranges, and sorted lists of these.

/** A word in a version. Words such as `main` and `develop` are larger than every number. */
export interface VersionWord {
  /** Position among the words that are larger than numbers, or `undefined` for any other word. */
  readonly infinity: number | undefined;
  readonly text: string;
}

/** One part of a version between separators: a number of any size, or a word. */
export type VersionComponent = bigint | VersionWord;

/** Kinds of pre-releases in order, and `final` for everything else. */
export const PRERELEASE_KINDS = ["alpha", "beta", "rc", "final"] as const;

/** Position of `final` in {@link PRERELEASE_KINDS}. */
export const FINAL_RELEASE = PRERELEASE_KINDS.indexOf("final");

/** A single version, for example `1.2-rc1`. */
export interface StandardVersion {
  readonly type: "standard";
  /** The version as written. */
  readonly text: string;
  readonly release: readonly VersionComponent[];
  /** Position in {@link PRERELEASE_KINDS}, then the number after the word, if any. */
  readonly prerelease: readonly [kind: number, number?: bigint];
  /** What follows each part, including those of the pre-release. */
  readonly separators: readonly string[];
}

/** A branch, tag or commit, for example `git.main=1.0`. */
export interface GitVersion {
  readonly type: "git";
  /** Whether it was written with `git.`. */
  readonly prefixed: boolean;
  readonly ref: string;
  /** The version that the reference stands for, if known. */
  readonly refVersion: StandardVersion | undefined;
}

/** All versions from `low` up to, but not including, `end`: `1.2` is the range from `1.2` to before `1.3`. */
export interface VersionRange {
  readonly type: "range";
  readonly low: StandardVersion;
  readonly end: StandardVersion;
  /** The range as written; undefined if it was computed. */
  readonly text: string | undefined;
}

/** A single version. */
export type ConcreteVersion = StandardVersion | GitVersion;

/** A member of a {@link VersionList}. */
export type Version = ConcreteVersion | VersionRange;

/** Versions and ranges, sorted and without overlaps. */
export type VersionList = readonly Version[];
