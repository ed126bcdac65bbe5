// Formats scalars like Spack's YAML writer: unquoted if possible, else in single or double quotes.

import { isPlainString, pythonScalar } from "./scalar.js";
import type { ConfigKey, ConfigScalar } from "./value.js";

const BREAKS = /[\n\u0085\u2028\u2029]/;
const BEFORE_BREAK = / [\n\u0085\u2028\u2029]|[\n\u0085\u2028\u2029] /;
const PRINTABLE = /^[\n\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;
const LEADING_INDICATOR = /^[#,[\]{}&*!|>'"%@`]/;
const SPACE = "[\\0 \\t\\r\\n\\u0085\\u2028\\u2029]";
const INDICATORS = [
  /^(?:---|\.\.\.)/,
  LEADING_INDICATOR,
  indicator(`^-(?=${SPACE}|$)`),
  indicator(`.:(?=${SPACE}|$)`),
  indicator(`${SPACE}#`),
];
const BLOCK_INDICATORS = [...INDICATORS, indicator(`^[?:](?=${SPACE}|$)`)];
const FLOW_INDICATORS = [...INDICATORS, /^[?:]$/, /[,[\]{}]/];

/** Where a scalar is printed. */
export interface ScalarContext {
  readonly inFlow: boolean;
  readonly isKey: boolean;
}

/**
 * The text of a value. Booleans are printed as in Python, as `spack config blame` does.
 *
 * Source: `choose_scalar_style` and `analyze_scalar` of the YAML library that Spack vendors
 * (`lib/spack/spack/vendor/ruamel/yaml/emitter.py`).
 */
export function scalarText(scalar: ConfigScalar, surroundings: ScalarContext): string {
  if (scalar.type === "null") return "null";
  return scalar.type === "string" ? quoted(String(scalar.value), surroundings) : pythonScalar(scalar);
}

/** The text of a key, formatted like {@link scalarText}. */
export function keyText(key: ConfigKey, inFlow: boolean): string {
  return key.isString ? quoted(key.text, { inFlow, isKey: true }) : key.text;
}

function quoted(text: string, { inFlow, isKey }: ScalarContext): string {
  const special = !PRINTABLE.test(text);
  const multiline = BREAKS.test(text);
  const indicators = inFlow ? FLOW_INDICATORS : BLOCK_INDICATORS;
  const isClean =
    !special && !multiline && !/^ | $/.test(text) && !indicators.some((each) => each.test(text));
  if (text !== "" && isClean && isPlainString(text)) return text;
  const needsDouble = /['\n]/.test(text) || special || BEFORE_BREAK.test(text) || (isKey && multiline);
  return needsDouble ? doubleQuoted(text) : `'${text}'`;
}

function indicator(pattern: string): RegExp {
  return new RegExp(pattern, "s");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\x0b": "\\v",
  "\x0c": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\u0085": "\\N",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function doubleQuoted(text: string): string {
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    if (PRINTABLE.test(character)) return character;
    if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`;
    return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
  });
  return `"${escaped.join("")}"`;
}
