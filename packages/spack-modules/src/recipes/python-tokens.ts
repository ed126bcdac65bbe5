// Splits Python source into logical lines of tokens, as far as recipes need it.

import { stringValue } from "./python-string.js";

/** A name, a string literal, or anything else. */
export interface Token {
  readonly kind: "name" | "string" | "other";
  /** The name, the value of the string, or the characters. */
  readonly text: string;
  /** Whether the string is one whose value is known only at run time. */
  readonly isFormatted?: boolean;
}

/** A statement, or the head of a compound one. */
export interface LogicalLine {
  /** The width of the white space before it; a tab counts as eight columns. */
  readonly indent: number;
  readonly tokens: readonly Token[];
}

const TOKEN =
  /(?<space>[ \t\f]+|\\\r?\n)|(?<comment>#[^\r\n]*)|(?<newline>\r?\n|\r)|(?<string>(?<prefix>[rRbBuUfF]{0,2})(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\r\n]|\\[\s\S])*"|'(?:[^'\\\r\n]|\\[\s\S])*'))|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<other>[\s\S])/uy;

/** The logical lines of a source text: brackets, long strings and backslashes join lines (Python reference, 2.1). */
export function logicalLines(source: string): LogicalLine[] {
  const lines: LogicalLine[] = [];
  let tokens: Token[] = [];
  let depth = 0;
  let indent = 0;
  let isStart = true;
  const finish = () => {
    if (tokens.length > 0) lines.push({ indent, tokens });
    tokens = [];
    indent = 0;
    isStart = true;
  };
  for (const match of source.replace(/^\ufeff/, "").matchAll(new RegExp(TOKEN, "guy"))) {
    const { space, comment, newline, string, name, other } = match.groups ?? {};
    if (newline !== undefined && depth === 0) finish();
    else if (space !== undefined && isStart) indent = columnsOf(space);
    if (space !== undefined || comment !== undefined || newline !== undefined) continue;
    isStart = false;
    if (string !== undefined) tokens.push(stringToken(string));
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (other !== undefined) {
      if ("([{".includes(other)) depth += 1;
      if (")]}".includes(other)) depth = Math.max(0, depth - 1);
      tokens.push({ kind: "other", text: other });
    }
  }
  finish();
  return lines;
}

function columnsOf(space: string): number {
  return [...space].reduce(
    (column, character) => (character === "\t" ? column + 8 - (column % 8) : column + 1),
    0,
  );
}

function stringToken(literal: string): Token {
  const value = stringValue(literal);
  return { kind: "string", text: value.text, isFormatted: value.isFormatted };
}
