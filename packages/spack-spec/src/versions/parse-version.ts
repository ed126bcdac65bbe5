// Parses versions as written after `@` in a spec, and in a spec file.

import { parseStandardVersion } from "./components.js";
import { versionRange } from "./range.js";
import type { ConcreteVersion, GitVersion, Version, VersionList } from "./types.js";
import { versionList } from "./version-list.js";

const COMMIT = /^[0-9a-fA-F]{40}$/;

/**
 * Parses a comma-separated constraint: `1.2` and `1.2:1.4` are ranges, `=1.2` is a single version, and `git.main=1.0`
 * is a git reference (`spack/version/version_types.py: from_string`).
 *
 * @throws SpackOciError `ERR_VERSION`, `ERR_VERSION_RANGE`
 */
export function parseVersionList(text: string): VersionList {
  return versionList(text.replaceAll(" ", "").split(",").map(parseMember));
}

/**
 * Parses a single version, as in a spec file (`spack/version/version_types.py: Version`).
 *
 * @throws SpackOciError `ERR_VERSION`
 */
export function parseVersion(text: string): ConcreteVersion {
  return isGitVersion(text) ? parseGitVersion(text) : parseStandardVersion(text);
}

function parseMember(text: string): Version {
  const colon = text.indexOf(":");
  if (colon >= 0) {
    const [low, high] = [text.slice(0, colon), text.slice(colon + 1)];
    return versionRange(
      low === "" ? undefined : parseStandardVersion(low),
      high === "" ? undefined : parseStandardVersion(high),
    );
  }
  if (text.startsWith("=")) return parseVersion(text.slice(1));
  if (isGitVersion(text)) return parseGitVersion(text);
  const version = parseStandardVersion(text);
  return versionRange(version, version);
}

function isGitVersion(text: string): boolean {
  return text.startsWith("git.") || COMMIT.test(text) || text.slice(1).includes("=");
}

function parseGitVersion(text: string): GitVersion {
  const prefixed = text.startsWith("git.");
  const bare = prefixed ? text.slice("git.".length) : text;
  const equals = bare.indexOf("=");
  if (equals < 0) return { type: "git", prefixed, ref: bare, refVersion: undefined };
  return {
    type: "git",
    prefixed,
    ref: bare.slice(0, equals),
    refVersion: parseStandardVersion(bare.slice(equals + 1)),
  };
}
