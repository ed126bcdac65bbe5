// The keys of the settings file, and what each may hold.
import { isRecord } from "../content/json.js";

/** What a key may hold. */
export interface Check {
  readonly holds: (value: unknown) => boolean;
  /** For messages, after "must be". */
  readonly expects: string;
}

const flag: Check = { holds: (value) => typeof value === "boolean", expects: "true or false" };
const path: Check = { holds: isText, expects: "the path of a file" };
const paths: Check = { holds: listOf(isText), expects: "a list of paths" };
const mirrors: Check = {
  holds: listOf((value) => isText(value) && /^oci(?:\+http)?:\/\/[^/\s?#@]+(?:\/[^\s?#@:]*)?$/.test(value)),
  expects: "a list of oci://HOST/PATH or oci+http://HOST/PATH, where PATH may be left out",
};
const object: Check = { holds: isRecord, expects: "an object" };

/** Of all registries: patience, in seconds; and hosts. */
export const FILE_KEYS = {
  attempts: wholeNumber(1, 100),
  longestWait: number(0, 86_400),
  connectTimeout: number(0.1, 3600),
  answerTimeout: number(0.1, 86_400),
  stallTimeout: number(0.1, 86_400),
  hosts: object,
} satisfies Record<string, Check>;

/** Of one host. */
export const HOST_KEYS = {
  connections: wholeNumber(1, 256),
  requestsPerSecond: number(0.01, 10_000),
  singlePostLimit: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  anonymousMount: flag,
  chunkedUploads: flag,
  largestBlob: wholeNumber(1, Number.MAX_SAFE_INTEGER),
  caFiles: paths,
  certificateFile: path,
  keyFile: path,
  verify: flag,
  credentialsOverHttp: flag,
  mirrors,
} satisfies Record<string, Check>;

function number(least: number, most: number): Check {
  return {
    holds: (value) => typeof value === "number" && value >= least && value <= most,
    expects: `a number from ${least} to ${most}`,
  };
}

function wholeNumber(least: number, most: number): Check {
  return {
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most,
    expects: `a whole number from ${least} to ${most}`,
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}

function listOf(holds: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(holds);
}
