// Ranges of versions: creating and formatting them.

import { SpackOciError } from "@spack-oci/errors";
import { compareStandardVersions, END_OF_VERSIONS } from "./components.js";
import { nextVersion, previousVersion } from "./neighbors.js";
import type { StandardVersion, VersionList, VersionRange } from "./types.js";

const FIRST_VERSION: StandardVersion = {
  type: "standard",
  text: "alpha",
  release: [],
  prerelease: [0],
  separators: [""],
};

/**
 * The range of all versions from `low` to those that begin with `high`; a missing end is open
 * (`spack/version/version_types.py: ClosedOpenRange.from_version_range`).
 *
 * @throws SpackOciError `ERR_VERSION_RANGE` if it is empty
 */
export function versionRange(
  low: StandardVersion = FIRST_VERSION,
  high: StandardVersion = END_OF_VERSIONS,
): VersionRange {
  const end = nextVersion(high);
  if (compareStandardVersions(end, low) < 0) {
    throw new SpackOciError("ERR_VERSION_RANGE", `${low.text}:${high.text} is an empty range`, {
      kind: "usage",
      hint: "Write the smaller version first.",
    });
  }
  return { type: "range", low, end, text: rangeText(low, high) };
}

/** How `range` is written: `1.2:1.4`, `1.2:`, `:1.4`, `1.2` or `:`. */
export function formatRange(range: VersionRange): string {
  return range.text ?? rangeText(range.low, previousVersion(range.end));
}

function rangeText(low: StandardVersion, high: StandardVersion): string {
  const fromStart = compareStandardVersions(low, FIRST_VERSION) === 0;
  const toEnd = compareStandardVersions(high, END_OF_VERSIONS) === 0;
  if (fromStart) return toEnd ? ":" : `:${high.text}`;
  if (toEnd) return `${low.text}:`;
  return compareStandardVersions(low, high) === 0 ? low.text : `${low.text}:${high.text}`;
}

const UNBOUNDED = versionRange();

/** The list that contains every version. */
export const ANY_VERSION: VersionList = [UNBOUNDED];

/** Whether `versions` allows every version. */
export function isAnyVersion(versions: VersionList): boolean {
  const [only] = versions;
  return (
    versions.length === 1 &&
    only?.type === "range" &&
    compareStandardVersions(only.low, UNBOUNDED.low) === 0 &&
    compareStandardVersions(only.end, UNBOUNDED.end) === 0
  );
}
