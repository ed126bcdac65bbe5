// The keys of the settings file, and their valid values.

import { isRecord } from "../content/json.js";

/** The valid values of a key. */
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
  expects: "a list of oci://HOST/PATH or oci+http://HOST/PATH, where PATH is optional",
};
const object: Check = { holds: isRecord, expects: "an object" };

/** For all registries: retries, timeouts in seconds, and hosts. */
export const FILE_KEYS = {
  attempts: wholeNumber(1, 100),
  longestWait: number(0, 86_400),
  connectTimeout: number(0.1, 3600),
  answerTimeout: number(0.1, 86_400),
  stallTimeout: number(0.1, 86_400),
  hosts: object,
} satisfies Record<string, Check>;

/** For one host. */
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

function number(min: number, max: number): Check {
  return {
    holds: (value) => typeof value === "number" && value >= min && value <= max,
    expects: `a number from ${min} to ${max}`,
  };
}

function wholeNumber(min: number, max: number): Check {
  return {
    holds: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    expects: `a whole number from ${min} to ${max}`,
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !value.includes("\0");
}

function listOf(holds: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(holds);
}
