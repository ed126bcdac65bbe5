// Quotes values that a spec string would misread without quotes, and removes quotes.

import { formatJson } from "../json/format.js";

const SAFE = /^[a-zA-Z0-9,/_.\-[\]]+\n?$/;
const QUOTED = /^(['"])([^\n]*)\1\n?$/;

/**
 * `value` for use in a spec string: bare, in single quotes, or as JSON if it contains a single quote
 * (`spack/spec_parser.py: quote_if_needed`).
 */
export function quoteIfNeeded(value: string): string {
  if (SAFE.test(value)) return value;
  return value.includes("'") ? formatJson(value) : `'${value}'`;
}

/** `text` without its quotes, `\"` or `\'` unescaped (`strip_quotes_and_unescape`). */
export function stripQuotes(text: string): string {
  const match = QUOTED.exec(text);
  if (match === null) return text;
  const [, quote = "", inner = ""] = match;
  return inner.replaceAll(`\\${quote}`, quote);
}
