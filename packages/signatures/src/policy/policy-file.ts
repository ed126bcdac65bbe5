// Policies: which signatures the packages of a mirror need, set once for all commands.

import { dirname, resolve } from "node:path";
import { reasonFor } from "../errors.js";
import { MAX_POLICY_SIZE } from "../limits.js";
import type { SignerIdentity } from "../verification/trusted-signers.js";
import { identityPattern } from "./identity-pattern.js";
import { coveredLocation, type LocationPattern } from "./location-pattern.js";
import { badPolicy, readSecureFile } from "./secure-file.js";

/** What a policy says about some mirrors. */
export interface PolicyRule {
  /** The file, and the mirrors as they are written in it. */
  readonly source: string;
  readonly pattern: LocationPattern;
  /** Whether packages need no signature. */
  readonly unsigned: boolean;
  /** Absolute paths of files with public keys. */
  readonly keys: readonly string[];
  readonly identities: readonly SignerIdentity[];
  /** Absolute path of a file with a trusted root; Sigstore's public one if undefined. */
  readonly trustedRoot?: string | undefined;
  /** The repository that images must have been signed for. */
  readonly repository?: string | undefined;
  /** Whether the package index needs no signature. */
  readonly unsignedIndex: boolean;
  /** How old the signature of a package index may be, in milliseconds; any age if undefined. */
  readonly maxIndexAge?: number | undefined;
}

/**
 * Reads a policy: `{"mirrors": {LOCATION: {"keys": [FILE], "identities": [{"identity", "issuer"}], "trustedRoot": FILE,
 * "repository": NAME, "maxIndexAge": "14d", "unsignedIndex": true}}}`, or `{"unsigned": true}` for a mirror. A location that ends in `/*` covers all below it, and
 * `*` covers all mirrors. Relative paths start at the policy's directory.
 *
 * @returns undefined if there is no such file.
 * @throws SpackOciError `ERR_POLICY` (`usage`) if it is malformed, `ERR_POLICY_WRITABLE` (`denied`) if others can write it.
 */
export function readPolicy(path: string): readonly PolicyRule[] | undefined {
  const text = readSecureFile(path, MAX_POLICY_SIZE);
  return text === undefined ? undefined : parsePolicy(text, path);
}

/** The same for a text. */
function parsePolicy(text: string, path: string): readonly PolicyRule[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw badPolicy(path, `it is not JSON: ${reasonFor(cause)}`, cause);
  }
  const { mirrors } = requireFields(value, ["mirrors"], { path, what: "it" });
  const entries = requireFields(mirrors, undefined, { path, what: "mirrors" });
  return Object.entries(entries).map(([location, entry]) => readRule(location, entry, path));
}

function readRule(location: string, entry: unknown, path: string): PolicyRule {
  const at = { path, what: location };
  const pattern = coveredLocation(location);
  if (pattern === undefined)
    throw badPolicy(path, `${JSON.stringify(location)} is not the location of a mirror`);
  const known = [
    ...["keys", "identities", "trustedRoot", "repository", "unsigned"],
    ...["unsignedIndex", "maxIndexAge"],
  ];
  const { keys, identities, trustedRoot, repository, ...others } = requireFields(entry, known, at);
  const { maxIndexAge } = others;
  const rule = {
    source: `${path}, ${location}`,
    pattern,
    unsigned: isTrue("unsigned", others, at),
    unsignedIndex: isTrue("unsignedIndex", others, at),
    maxIndexAge: optional(maxIndexAge, (each) => readAge(requireText(each, at), at)),
    keys: listOf(keys, at).map((each) => resolve(dirname(path), requireText(each, at))),
    identities: listOf(identities, at).map((each) => readIdentity(each, at)),
    trustedRoot: optional(trustedRoot, (each) => resolve(dirname(path), requireText(each, at))),
    repository: optional(repository, (each) => requireText(each, at)),
  };
  const hasSigners = rule.keys.length + rule.identities.length > 0;
  if (hasSigners === rule.unsigned) {
    throw badPolicy(path, `${location} needs either keys or identities, or "unsigned": true`);
  }
  return rule;
}

/** @throws SpackOciError `ERR_POLICY` unless a setting is `true` or missing */
function isTrue(name: string, { [name]: value }: Record<string, unknown>, { path, what }: Place): boolean {
  if (value !== undefined && value !== true) throw badPolicy(path, `${name} of ${what} is not true`);
  return value === true;
}

const HOUR = 60 * 60 * 1000;
const AGE_UNITS: Record<string, number> = { h: HOUR, d: 24 * HOUR, w: 7 * 24 * HOUR };

/** Milliseconds of `12h`, `14d` or `4w`. */
function readAge(text: string, { path, what }: Place): number {
  const [, count = "", unit = ""] = /^([1-9]\d{0,4})([hdw])$/.exec(text) ?? [];
  const scale = AGE_UNITS[unit];
  if (scale === undefined) throw badPolicy(path, `maxIndexAge of ${what} is not an age such as "14d"`);
  return Number(count) * scale;
}

function readIdentity(value: unknown, at: Place): SignerIdentity {
  const known = ["identity", "identityPattern", "issuer"];
  const { identity, identityPattern: pattern, issuer } = requireFields(value, known, at);
  const name = pattern === undefined ? requireText(identity, at) : readPattern(requireText(pattern, at), at);
  if (pattern !== undefined && identity !== undefined)
    throw badPolicy(at.path, `${at.what} has both an identity and a pattern`);
  return { identity: name, issuer: requireText(issuer, at) };
}

function readPattern(text: string, { path, what }: Place): RegExp {
  const pattern = identityPattern(text);
  if (pattern !== undefined) return pattern;
  throw badPolicy(path, `the identityPattern of ${what} is not a regular expression`);
}

/** Where in a policy something is. */
interface Place {
  readonly path: string;
  readonly what: string;
}

/** @param known Fields that may occur; any if undefined. */
function requireFields(
  value: unknown,
  known: readonly string[] | undefined,
  { path, what }: Place,
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badPolicy(path, `${what} is not an object`);
  }
  const unknown = Object.keys(value).find((key) => known?.includes(key) === false);
  if (unknown !== undefined)
    throw badPolicy(path, `${what} has the unknown setting ${JSON.stringify(unknown)}`);
  return value as Record<string, unknown>;
}

function listOf(value: unknown, { path, what }: Place): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badPolicy(path, `keys and identities of ${what} must be lists`);
  return value;
}

function requireText(value: unknown, { path, what }: Place): string {
  if (typeof value !== "string" || value === "")
    throw badPolicy(path, `${what} has a setting that is not a text`);
  return value;
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
