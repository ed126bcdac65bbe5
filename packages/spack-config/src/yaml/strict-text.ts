// Rewrites YAML that Spack's parser accepts for a strict parser, without changing line numbers.

import { isBlockHeader, isBlockText, parentColumn } from "./block-scalar.js";

const INDENT = " ".repeat(64);

interface State {
  /** The number of open brackets. */
  depth: number;
  /** The open quote, if any. */
  quote: string;
  /** The column of the parent of the current block scalar. */
  blockColumn: number | undefined;
}

/**
 * The same YAML, deeply indented where a line starts inside of brackets or quotes, and with quotes around `clang@3:` in
 * brackets. Spack's parser accepts any indentation there, and requires white space after a colon.
 *
 * Source: `lib/spack/spack/vendor/ruamel/yaml/scanner.py`, `scan_plain` and `unwind_indent`.
 */
export function strictText(text: string): string {
  const state: State = { depth: 0, quote: "", blockColumn: undefined };
  const lines = text.split("\n").map((line) => {
    if (state.blockColumn !== undefined && isBlockText(line, state.blockColumn)) return line;
    state.blockColumn = undefined;
    const prefix = state.depth > 0 || state.quote !== "" ? INDENT : "";
    return prefix + rewriteLine(line, state);
  });
  return lines.join("\n");
}

function rewriteLine(line: string, state: State): string {
  let written = "";
  let rest = line;
  let before = "";
  while (rest !== "") {
    const token = state.quote === "" ? nextToken(rest, state) : quotedText(rest, state);
    written +=
      state.depth > 0 && state.quote === "" && isColonScalar(token)
        ? `'${token.replaceAll("'", "''")}'`
        : token;
    rest = rest.slice(token.length);
    if (/^\s/.test(token) || token.startsWith("#")) continue;
    const isHeader = state.depth === 0 && isBlockHeader(before, token);
    state.blockColumn = isHeader ? parentColumn(line) : undefined;
    before = token;
  }
  return written;
}

/** The part of a quoted text on this line. */
function quotedText(rest: string, state: State): string {
  const pattern = state.quote === "'" ? /^(?:[^']|'')*/ : /^(?:[^"\\]|\\.|\\$)*/;
  const text = pattern.exec(rest)?.[0] ?? "";
  if (text.length === rest.length) return text;
  state.quote = "";
  return rest.slice(0, text.length + 1);
}

/** White space, a comment, an indicator, or the part of a plain scalar on this line. */
function nextToken(rest: string, state: State): string {
  const space = /^\s+(?:#.*)?|^#.*/.exec(rest)?.[0];
  if (space !== undefined) return space;
  const [first = ""] = rest;
  if (first === "'" || first === '"') {
    state.quote = first;
    return first;
  }
  if (first === "[" || first === "{") state.depth += 1;
  if ((first === "]" || first === "}") && state.depth > 0) state.depth -= 1;
  if (/[[\]{},]/.test(first) || /^[:?-](?:\s|$)/.test(rest)) return first;
  const plain =
    state.depth > 0
      ? /^(?:[^\s,[\]{}:]|:(?!\s|$)|\s+(?![\s#,[\]{}:]))+/
      : /^(?:[^\s:]|:(?!\s|$)|\s+(?![\s#:]))+/;
  return plain.exec(rest)?.[0] ?? first;
}

/** A plain scalar that ends in a colon, which a strict parser reads as a key without a value. */
function isColonScalar(token: string): boolean {
  return token.length > 1 && token.endsWith(":");
}
