// Reads members of JSON objects and reports which one is missing or has the wrong type.

import { SpackOciError } from "@spack-oci/errors";
import { isJsonArray, isJsonObject, type Json, type JsonArray, type JsonObject } from "./value.js";

/** `value`, which must be an object. `what` names it in the error. @throws SpackOciError `ERR_JSON_SHAPE` */
export function asObject(value: Json | undefined, what: string): JsonObject {
  return isJsonObject(value) ? value : unexpected(value, "an object", what);
}

/** `value`, which must be an array. @throws SpackOciError `ERR_JSON_SHAPE` */
export function asArray(value: Json | undefined, what: string): JsonArray {
  return isJsonArray(value) ? value : unexpected(value, "an array", what);
}

/** `value`, which must be a string. @throws SpackOciError `ERR_JSON_SHAPE` */
export function asString(value: Json | undefined, what: string): string {
  return typeof value === "string" ? value : unexpected(value, "a string", what);
}

/** `value`, which must be an array of strings. @throws SpackOciError `ERR_JSON_SHAPE` */
export function asStrings(value: Json | undefined, what: string): readonly string[] {
  return asArray(value, what).map((item) => asString(item, what));
}

/** `value`, which must be a number of either kind. @throws SpackOciError `ERR_JSON_SHAPE` */
export function asNumber(value: Json | undefined, what: string): number {
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  return unexpected(value, "a number", what);
}

/** `value`, which must be a whole number that is exact. @throws SpackOciError `ERR_JSON_SHAPE` */
export function asInteger(value: Json | undefined, what: string): number {
  const number = asNumber(value, what);
  return Number.isSafeInteger(number) ? number : unexpected(value, "a whole number", what);
}

/**
 * Reads `value` unless it is missing or null.
 *
 * @example
 * ```ts
 * import { asString, optional, parseJson } from "@spack-oci/spack-spec";
 *
 * console.log(optional(parseJson("null"), (value) => asString(value, "the name"))); // undefined
 * ```
 */
export function optional<T>(value: Json | undefined, read: (value: Json) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

function unexpected(value: Json | undefined, wanted: string, what: string): never {
  throw new SpackOciError("ERR_JSON_SHAPE", `${what} is ${describe(value)}, not ${wanted}.`, {
    kind: "corrupt",
    hint: "This JSON was not written by Spack, or by a Spack that is newer than this spack-oci.",
  });
}

function describe(value: Json | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (isJsonObject(value)) return "an object";
  if (isJsonArray(value)) return "an array";
  return typeof value === "string" ? "a string" : typeof value === "boolean" ? "a boolean" : "a number";
}
