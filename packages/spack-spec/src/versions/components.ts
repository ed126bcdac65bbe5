// Splits versions into numbers, words and separators, and compares them.

import { SpackOciError } from "@spack-oci/errors";
import { compareSequences } from "../text/compare.js";
import {
  FINAL_RELEASE,
  PRERELEASE_KINDS,
  type StandardVersion,
  type VersionComponent,
  type VersionWord,
} from "./types.js";

const INFINITY_WORDS = ["stable", "nightly", "trunk", "head", "master", "main", "develop"];

const VALID_VERSION = /^[A-Za-z0-9_.-][=A-Za-z0-9_.-]*$/;
const SEGMENT = /([0-9]+|[a-zA-Z]+)([_.-]*)/g;

/** The word `text`; Spack's names for moving versions are larger than every number. */
export function versionWord(text: string): VersionWord {
  const infinity = INFINITY_WORDS.indexOf(text);
  return { infinity: infinity < 0 ? undefined : infinity, text };
}

/** The word at position `infinity` among those larger than numbers; after the last one, the end of all versions. */
export function infinityWord(infinity: number): VersionWord {
  return { infinity, text: INFINITY_WORDS[infinity] ?? "infinity" };
}

/** Whether `text` is a word that is larger than every number. */
export function isInfinityWord(text: string): boolean {
  return INFINITY_WORDS.includes(text);
}

/** The end of all versions, which no version reaches. */
export const END_OF_VERSIONS: StandardVersion = {
  type: "standard",
  text: "infinity",
  release: [infinityWord(INFINITY_WORDS.length)],
  prerelease: [FINAL_RELEASE],
  separators: [""],
};

/**
 * Parses one version: groups of digits or letters, each with its separators, and an optional pre-release such as `rc1`
 * (`spack/version/version_types.py: parse_string_components`).
 *
 * @throws SpackOciError `ERR_VERSION` if it contains characters other than letters, digits, `_`, `.`, `-` and `=`
 */
export function parseStandardVersion(text: string): StandardVersion {
  const trimmed = text.trim();
  if (trimmed !== "" && !VALID_VERSION.test(trimmed)) {
    throw new SpackOciError("ERR_VERSION", `Bad characters in version string: ${trimmed}`, {
      kind: "usage",
      hint: "Use only letters, digits, dots, dashes and underscores.",
    });
  }
  const segments = [...trimmed.matchAll(SEGMENT)].map((match) => match[1] ?? "");
  const separators = [...trimmed.matchAll(SEGMENT)].map((match) => match[2] ?? "");
  const [prerelease, length] = splitPrerelease(segments);
  return {
    type: "standard",
    text,
    release: segments.slice(0, length).map(component),
    prerelease,
    separators,
  };
}

function component(text: string): VersionComponent {
  return isNumber(text) ? BigInt(text) : versionWord(text);
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[0-9]/.test(text);
}

function splitPrerelease(segments: readonly string[]): [StandardVersion["prerelease"], number] {
  const last = segments.at(-1);
  const beforeLast = prereleaseKind(segments.at(-2));
  if (segments.length >= 3 && beforeLast !== undefined && isNumber(last)) {
    return [[beforeLast, BigInt(last)], segments.length - 2];
  }
  const kind = prereleaseKind(last);
  if (segments.length >= 2 && kind !== undefined) return [[kind], segments.length - 1];
  return [[FINAL_RELEASE], segments.length];
}

function prereleaseKind(text: string | undefined): number | undefined {
  const kind = (PRERELEASE_KINDS as readonly (string | undefined)[]).indexOf(text);
  return kind < 0 ? undefined : kind;
}

/**
 * Negative if `left` is the smaller version, 0 if they are equal, else positive. Separators and leading zeros are
 * ignored (`spack/version/version_types.py: VersionStrComponent`).
 */
export function compareStandardVersions(left: StandardVersion, right: StandardVersion): number {
  const order = compareSequences(left.release, right.release, compareComponents);
  if (order !== 0) return order;
  const [kind, number = -1n] = left.prerelease;
  const [otherKind, otherNumber = -1n] = right.prerelease;
  return kind - otherKind || compareValues(number, otherNumber);
}

function compareComponents(left: VersionComponent, right: VersionComponent): number {
  const rank = componentRank(left) - componentRank(right);
  if (rank !== 0) return rank;
  if (typeof left === "bigint" || typeof right === "bigint") return compareValues(left, right);
  if (left.infinity !== undefined && right.infinity !== undefined) return left.infinity - right.infinity;
  return compareValues(left.text, right.text);
}

function componentRank(part: VersionComponent): number {
  if (typeof part === "bigint") return 1;
  return part.infinity === undefined ? 0 : 2;
}

function compareValues<T>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
