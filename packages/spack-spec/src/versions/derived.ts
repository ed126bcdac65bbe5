// Derived forms of a version for format strings, such as `{version.dotted}` or `{version.up_to_2}`.

import { parseStandardVersion } from "./components.js";
import { FINAL_RELEASE, type StandardVersion } from "./types.js";

/** `version` with every separator replaced: `1_2_3b` for `1.2-3b` and `_`. */
export function withSeparators(version: StandardVersion, separator: string): StandardVersion {
  return parseStandardVersion(version.text.replace(/[._-]/g, separator));
}

/** The first `count` parts of `version` (`spack/version/version_types.py: StandardVersion.up_to`). */
export function firstParts(version: StandardVersion, count: number): StandardVersion {
  const parts = version.release.slice(0, count);
  const text = parts.map((part, index) => {
    const separator = index < parts.length - 1 ? (version.separators[index] ?? "") : "";
    return `${typeof part === "bigint" ? part : part.text}${separator}`;
  });
  return parseStandardVersion(text.join(""));
}

/** `version` with words replaced by 0, and a pre-release by `.0` and its number. */
export function dottedNumbers(version: StandardVersion): string {
  const numbers = version.release.map((part) => (typeof part === "bigint" ? part : 0n));
  const [kind, number] = version.prerelease;
  if (kind !== FINAL_RELEASE) numbers.push(0n, ...(number === undefined ? [] : [number]));
  return numbers.join(".");
}
