// Writes JSON exactly as Python's json.dumps does for Spack: keys in order, everything outside of ASCII escaped.

import { formatPythonFloat } from "./python-float.js";
import type { Json } from "./value.js";

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

interface Layout {
  readonly indent: string;
  readonly colon: string;
}

const COMPACT: Layout = { indent: "", colon: ":" };
const INDENTED: Layout = { indent: "  ", colon: ": " };

/**
 * The text of `json.dumps(value, separators=(",", ":"), ensure_ascii=True)`, which Spack has written to files and
 * hashed since 0.21 (`spack/util/spack_json.py`, `Spec.spec_hash` in `spack/spec.py`).
 *
 * A `number` is a float: `1` is written as `1.0`, and `1n` as `1`.
 *
 * @example
 * ```ts
 * import { formatJson, parseJson } from "@spack-oci/spack-spec";
 *
 * console.log(formatJson(parseJson('{"b": [1.0, true], "a": "é"}'))); // {"b":[1.0,true],"a":"\u00e9"}
 * ```
 */
export function formatJson(value: Json): string {
  return write(value, "", COMPACT);
}

/** The text of `json.dumps(value, indent=2, separators=(",", ": "))`, which Spack 0.18 to 0.20 hashed. */
export function formatIndentedJson(value: Json): string {
  return write(value, "\n", INDENTED);
}

/** `newline` is empty, or a line break followed by the current indentation. */
function write(value: Json, newline: string, layout: Layout): string {
  switch (typeof value) {
    case "string":
      return formatJsonString(value);
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      return formatPythonFloat(value);
  }
  if (value === null) return "null";
  const inner = newline + layout.indent;
  if (!(value instanceof Map)) {
    const items = (value as readonly Json[]).map((item) => inner + write(item, inner, layout));
    return items.length === 0 ? "[]" : `[${items.join(",")}${newline}]`;
  }
  const members: string[] = [];
  for (const [key, item] of value) {
    members.push(`${inner}${formatJsonString(key)}${layout.colon}${write(item, inner, layout)}`);
  }
  return members.length === 0 ? "{}" : `{${members.join(",")}${newline}}`;
}

/** A JSON string in quotes; DEL and each half of a surrogate pair are escaped, as in Python. */
function formatJsonString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this escapes
  const escaped = text.replace(/["\\\u0000-\u001f\u007f-\uffff]/g, (character) => {
    return SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}
