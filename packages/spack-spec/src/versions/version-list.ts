// Lists of versions and ranges, sorted and without overlaps.

import { compareVersions } from "./order.js";
import { formatRange } from "./range.js";
import { joinedRange, versionIntersection, versionSatisfies, versionsIntersect } from "./relations.js";
import type { ConcreteVersion, Version, VersionList, VersionRange } from "./types.js";

/**
 * The list of `versions`: adjacent ranges are merged, and versions within a range are dropped
 * (`spack/version/version_types.py: VersionList.add`).
 */
export function versionList(versions: Iterable<Version>): VersionList {
  const list: Version[] = [];
  for (const version of versions) {
    if (version.type === "range") addRange(list, version);
    else addVersion(list, version);
  }
  return list;
}

function addRange(list: Version[], range: VersionRange): void {
  let joined = range;
  let index = insertionPoint(list, range);
  for (let before = list[index - 1]; before !== undefined; before = list[index - 1]) {
    const union = joinedRange(joined, before);
    if (union === undefined) break;
    joined = union;
    list.splice(--index, 1);
  }
  for (let after = list[index]; after !== undefined; after = list[index]) {
    const union = joinedRange(joined, after);
    if (union === undefined) break;
    joined = union;
    list.splice(index, 1);
  }
  list.splice(index, 0, joined);
}

function addVersion(list: Version[], version: ConcreteVersion): void {
  const index = insertionPoint(list, version);
  const neighbors = [list[index - 1], list[index]];
  if (neighbors.some((neighbor) => neighbor !== undefined && versionsIntersect(version, neighbor))) return;
  list.splice(index, 0, version);
}

function insertionPoint(list: VersionList, version: Version): number {
  const index = list.findIndex((member) => compareVersions(member, version) >= 0);
  return index < 0 ? list.length : index;
}

/** The only version of `list`, or `undefined` if it allows several. */
export function concreteVersion(list: VersionList): ConcreteVersion | undefined {
  const [only] = list;
  return list.length === 1 && only !== undefined && only.type !== "range" ? only : undefined;
}

/** Whether every version of `left` is allowed by `right`. */
export function versionListSatisfies(left: VersionList, right: VersionList): boolean {
  return left.every((version) => right.some((other) => versionSatisfies(version, other)));
}

/** Whether some version is in both lists. */
export function versionListsIntersect(left: VersionList, right: VersionList): boolean {
  return left.some((version) => right.some((other) => versionsIntersect(version, other)));
}

/** The versions that are in both lists. */
export function versionListIntersection(left: VersionList, right: VersionList): VersionList {
  const common = left.flatMap((version) => right.map((other) => versionIntersection(version, other)));
  return versionList(common.filter((version) => version !== undefined));
}

/** A single version as written, a git reference with its version: `1.2`, `git.main=1.0`. */
export function formatVersion(version: Version): string {
  if (version.type === "standard") return version.text;
  if (version.type === "range") return formatRange(version);
  const ref = version.prefixed ? `git.${version.ref}` : version.ref;
  return version.refVersion === undefined ? ref : `${ref}=${version.refVersion.text}`;
}

/** The list as written after `@`; plain versions have a `=`, as in `=1.2,1.4:1.6`. */
export function formatVersionList(list: VersionList): string {
  return list
    .map((member) => (member.type === "standard" ? `=${member.text}` : formatVersion(member)))
    .join(",");
}
