// Rewrites what Spack's YAML parser accepts and a strict one refuses, without moving anything to another line.

import { isBlockHeader, isBlockText, parentColumn } from "./block-scalar.js";

const INDENT = " ".repeat(64);

interface State {
  /** How many brackets are open. */
  depth: number;
  /** The quote that is open, if any. */
  quote: string;
  /** The column that a block scalar is indented more than, while one is read. */
  blockColumn: number | undefined;
}

/**
 * The same YAML with deep indentation wherever a line starts inside of brackets or quotes, and with quotes around
 * `clang@3:` inside of brackets. Spack's parser takes any indentation there, and a colon for a sign only before white
 * space.
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

/** A quoted text as far as this line has it. */
function quotedText(rest: string, state: State): string {
  const pattern = state.quote === "'" ? /^(?:[^']|'')*/ : /^(?:[^"\\]|\\.|\\$)*/;
  const text = pattern.exec(rest)?.[0] ?? "";
  if (text.length === rest.length) return text;
  state.quote = "";
  return rest.slice(0, text.length + 1);
}

/** White space, a comment, an indicator, or a plain scalar as far as this line has it. */
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

/** A plain scalar with a colon at its end, which a strict parser takes for a key without a value. */
function isColonScalar(token: string): boolean {
  return token.length > 1 && token.endsWith(":");
}
