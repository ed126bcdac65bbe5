// Puts quotes around values where a spec string would be read differently without them, and takes them off.

import { formatJson } from "../json/format.js";

const SAFE = /^[a-zA-Z0-9,/_.\-[\]]+\n?$/;
const QUOTED = /^(['"])([^\n]*)\1\n?$/;

/**
 * `value` as it can stand in a spec string: bare, in single quotes, or as JSON if it holds a single quote
 * (`spack/spec_parser.py: quote_if_needed`).
 */
export function quoteIfNeeded(value: string): string {
  if (SAFE.test(value)) return value;
  return value.includes("'") ? formatJson(value) : `'${value}'`;
}

/** `text` without the quotes around it and with `\"` or `\'` read as the quote (`strip_quotes_and_unescape`). */
export function stripQuotes(text: string): string {
  const match = QUOTED.exec(text);
  if (match === null) return text;
  const [, quote = "", inner = ""] = match;
  return inner.replaceAll(`\\${quote}`, quote);
}
