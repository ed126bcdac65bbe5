// The attributes of versions in format strings.

import { dottedNumbers, firstParts, withSeparators } from "../versions/derived.js";
import { isAnyVersion } from "../versions/range.js";
import type { ConcreteVersion, GitVersion, StandardVersion, VersionList } from "../versions/types.js";
import { concreteVersion, formatVersion, formatVersionList } from "../versions/version-list.js";
import {
  type Attribute,
  type AttributeTable,
  attribute,
  booleanAttribute,
  functionAttributes,
  nothing,
  textAttribute,
} from "./attribute.js";

/** `version` if there is only one, else `versions`; nothing if any version is allowed. */
export function versionAttribute(versions: VersionList): Attribute {
  const only = concreteVersion(versions);
  return only === undefined ? versionsAttribute(versions) : concreteAttribute(only);
}

/** The list as written after `@`; nothing if any version is allowed. */
export function versionsAttribute(versions: VersionList): Attribute {
  if (isAnyVersion(versions)) return nothing;
  const concrete = () => {
    const only = concreteVersion(versions);
    return only === undefined ? nothing : concreteAttribute(only);
  };
  return attribute(formatVersionList(versions), () => ({
    ...functionAttributes(
      "add any copy from_dict highest highest_numeric intersect intersection intersects lowest overlaps preferred " +
        "satisfies to_dict union update",
    ),
    concrete,
    concrete_range_as_version: concrete,
  }));
}

function concreteAttribute(version: ConcreteVersion): Attribute {
  return version.type === "git" ? gitAttribute(version) : standardAttribute(version);
}

function standardAttribute(version: StandardVersion): Attribute {
  return attribute(formatVersion(version), () => ({
    ...functionAttributes("from_string is_prerelease isdevelop overlaps typemax typemin up_to"),
    ...functionAttributes("intersection intersects satisfies union"),
    ...separatorAttributes(version),
    string: () => textAttribute(version.text),
    dotted_numeric_string: () => textAttribute(dottedNumbers(version)),
    up_to_1: () => standardAttribute(firstParts(version, 1)),
    up_to_2: () => standardAttribute(firstParts(version, 2)),
    up_to_3: () => standardAttribute(firstParts(version, 3)),
  }));
}

function gitAttribute(version: GitVersion): Attribute {
  const isCommit = /^[0-9a-fA-F]{40}$/.test(version.ref);
  const counted = version.refVersion;
  return attribute(formatVersion(version), () => ({
    ...functionAttributes(
      "attach_lookup intersection intersects is_prerelease isdevelop overlaps satisfies union up_to",
    ),
    ...(counted === undefined ? {} : separatorAttributes(counted)),
    ref: () => textAttribute(version.ref),
    has_git_prefix: () => booleanAttribute(version.prefixed),
    is_commit: () => booleanAttribute(isCommit),
    commit_sha: () => textAttribute(isCommit ? version.ref : undefined),
    ref_version: () => (counted === undefined ? nothing : standardAttribute(counted)),
    std_version: () => (counted === undefined ? nothing : standardAttribute(counted)),
  }));
}

function separatorAttributes(version: StandardVersion): AttributeTable {
  return {
    dotted: () => standardAttribute(withSeparators(version, ".")),
    underscored: () => standardAttribute(withSeparators(version, "_")),
    dashed: () => standardAttribute(withSeparators(version, "-")),
    joined: () => standardAttribute(withSeparators(version, "")),
  };
}
