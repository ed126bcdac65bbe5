// Relations between versions: whether they satisfy each other or overlap, and their intersection.

import { compareStandardVersions } from "./components.js";
import { equalVersions } from "./order.js";
import { isAnyVersion } from "./range.js";
import type { ConcreteVersion, GitVersion, StandardVersion, Version, VersionRange } from "./types.js";

/**
 * Whether `right` allows every version that `left` allows (`spack/version/version_types.py: satisfies`). A git
 * reference satisfies a range by the version it stands for, but never a plain version.
 */
export function versionSatisfies(left: Version, right: Version): boolean {
  if (left.type !== "range") return versionsIntersect(left, right);
  if (right.type !== "range") return false;
  return (
    compareStandardVersions(left.low, right.low) >= 0 && compareStandardVersions(right.end, left.end) >= 0
  );
}

/** Whether some version is allowed by both (`spack/version/version_types.py: intersects`). */
export function versionsIntersect(left: Version, right: Version): boolean {
  if (left.type === "range") {
    return right.type === "range" ? rangesOverlap(left, right) : rangeHolds(left, right);
  }
  if (right.type === "range") return rangeHolds(right, left);
  if (left.type === "git" && right.type === "git") return sameReference(left, right);
  return equalVersions(left, right);
}

/** What both allow, or undefined if nothing. */
export function versionIntersection(left: Version, right: Version): Version | undefined {
  if (left.type === "range" && right.type === "range") {
    const low = larger(left.low, right.low);
    const end = smaller(left.end, right.end);
    return compareStandardVersions(low, end) < 0 ? { type: "range", low, end, text: undefined } : undefined;
  }
  if (!versionsIntersect(left, right)) return undefined;
  return left.type === "range" ? right : left;
}

/** The union of `range` and `other`, or undefined if there is a gap: `1:2` and `3:4` make `1:4`. */
export function joinedRange(range: VersionRange, other: Version): VersionRange | undefined {
  if (other.type !== "range") return rangeHolds(range, other) ? range : undefined;
  const touch =
    compareStandardVersions(range.low, other.end) <= 0 && compareStandardVersions(other.low, range.end) <= 0;
  if (!touch) return undefined;
  return {
    type: "range",
    low: smaller(range.low, other.low),
    end: larger(range.end, other.end),
    text: undefined,
  };
}

function rangesOverlap(left: VersionRange, right: VersionRange): boolean {
  return compareStandardVersions(left.low, right.end) < 0 && compareStandardVersions(right.low, left.end) < 0;
}

function rangeHolds(range: VersionRange, version: ConcreteVersion): boolean {
  const plain = version.type === "git" ? version.refVersion : version;
  if (plain === undefined) return isAnyVersion([range]);
  return compareStandardVersions(range.low, plain) <= 0 && compareStandardVersions(plain, range.end) < 0;
}

// Spack would look up an unknown reference in the repository; here, any version is possible.
function sameReference(left: GitVersion, right: GitVersion): boolean {
  if (left.ref !== right.ref) return false;
  if (left.refVersion === undefined || right.refVersion === undefined) return true;
  return compareStandardVersions(left.refVersion, right.refVersion) === 0;
}

function smaller(left: StandardVersion, right: StandardVersion): StandardVersion {
  return compareStandardVersions(right, left) < 0 ? right : left;
}

function larger(left: StandardVersion, right: StandardVersion): StandardVersion {
  return compareStandardVersions(right, left) > 0 ? right : left;
}
