// Writes values as Python's str() and repr() do, because format strings can print any attribute of a spec.

import { formatPythonFloat } from "../json/python-float.js";
import { isJsonArray, isJsonObject, type Json } from "../json/value.js";

/**
 * `value` as `str(value)`: text unchanged, booleans as `True` and `False`.
 *
 * @example
 * ```ts
 * import { parseJson, pythonText } from "@spack-oci/spack-spec";
 *
 * console.log(pythonText(parseJson("[true, null]"))); // [True, None]
 * ```
 */
export function pythonText(value: Json): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** A tuple of `items` as `str((...))`, for example `('rxm', 'tcp')`. */
export function pythonTuple(items: readonly Json[]): string {
  const texts = items.map(pythonRepr);
  return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(", ")})`;
}

/** `value` as `repr(value)`: text in quotes. */
export function pythonRepr(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return formatPythonFloat(value);
  if (isJsonArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (!isJsonObject(value)) return quotedText(value);
  return `{${[...value].map(([key, item]) => `${quotedText(key)}: ${pythonRepr(item)}`).join(", ")}}`;
}

function quotedText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`);
  const named = escaped.replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r");
  return `${quote}${named}${quote}`;
}
