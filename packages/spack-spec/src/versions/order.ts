// The order of versions and ranges in a list, and their equality.

import { compareCodePoints, compareSequences } from "../text/compare.js";
import { compareStandardVersions } from "./components.js";
import type { GitVersion, StandardVersion, Version, VersionList, VersionRange } from "./types.js";

/**
 * Negative if `left` comes before `right`. A git reference comes after the version it stands for, and a range after its
 * first version (`spack/version/version_types.py`: the comparisons of the three classes).
 */
export function compareVersions(left: Version, right: Version): number {
  if (left.type === "range") {
    return right.type === "range" ? compareRanges(left, right) : -compareWithRange(right, left);
  }
  if (right.type === "range") return compareWithRange(left, right);
  if (left.type === "standard") {
    return right.type === "standard"
      ? compareStandardVersions(left, right)
      : -compareGitWithStandard(right, left);
  }
  return right.type === "standard" ? compareGitWithStandard(left, right) : compareGitVersions(left, right);
}

/** Whether both are the same version or range. A git reference never equals the version it stands for. */
export function equalVersions(left: Version, right: Version): boolean {
  return left.type === right.type && compareVersions(left, right) === 0;
}

/** The order of two lists: that of their first difference. */
export function compareVersionLists(left: VersionList, right: VersionList): number {
  return compareSequences(left, right, (version, other) => {
    return equalVersions(version, other) ? 0 : compareVersions(version, other);
  });
}

function compareRanges(left: VersionRange, right: VersionRange): number {
  return compareStandardVersions(left.low, right.low) || compareStandardVersions(left.end, right.end);
}

function compareWithRange(version: StandardVersion | GitVersion, range: VersionRange): number {
  const plain = version.type === "git" ? version.refVersion : version;
  return plain === undefined || compareStandardVersions(plain, range.low) > 0 ? 1 : -1;
}

function compareGitWithStandard(git: GitVersion, version: StandardVersion): number {
  return git.refVersion === undefined || compareStandardVersions(git.refVersion, version) >= 0 ? 1 : -1;
}

function compareGitVersions(left: GitVersion, right: GitVersion): number {
  if (left.refVersion !== undefined && right.refVersion !== undefined) {
    const order = compareStandardVersions(left.refVersion, right.refVersion);
    if (order !== 0) return order;
  }
  return compareCodePoints(left.ref, right.ref);
}
