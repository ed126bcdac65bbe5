// JSON values as Python's json module reads them, without loss.

/**
 * A JSON value as Python sees it. Integers are `bigint` (any size), numbers with a point or an exponent are `number`
 * (Python's `float`), and objects are maps, because JavaScript objects move keys such as `"2"` to the front.
 *
 * Spack hashes JSON text, so `1` and `1.0` are different values.
 */
export type Json = null | boolean | string | bigint | number | JsonArray | JsonObject;

/** A JSON array. */
export type JsonArray = readonly Json[];

/** A JSON object, its keys in the order of the text. */
export type JsonObject = ReadonlyMap<string, Json>;

/**
 * Whether `value` is a JSON object.
 *
 * @example
 * ```ts
 * import { isJsonObject, parseJson } from "@spack-oci/spack-spec";
 *
 * console.log(isJsonObject(parseJson("{}")), isJsonObject(parseJson("[]"))); // true false
 * ```
 */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Whether `value` is a JSON array. */
export function isJsonArray(value: Json | undefined): value is JsonArray {
  return Array.isArray(value);
}
