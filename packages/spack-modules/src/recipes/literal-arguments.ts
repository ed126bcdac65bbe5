// Arguments of directives, as far as they are literals.

import type { Token } from "./python-tokens.js";

/** The spec of `with when("..."):`; undefined for any other block. */
export function whenOf(tokens: readonly Token[]): string | undefined {
  const [with_, when, open, ...rest] = tokens;
  if (with_?.text !== "with" || when?.text !== "when" || open?.text !== "(") return undefined;
  return literalOf(rest.slice(0, -2));
}

/** The value of adjacent string literals; undefined for anything else. */
export function literalOf(tokens: readonly Token[]): string | undefined {
  if (tokens.length === 0 || !tokens.every(({ kind, isFormatted }) => kind === "string" && !isFormatted)) {
    return undefined;
  }
  return tokens.map(({ text }) => text).join("");
}

/** Splits at every comma, also inside of brackets; their parts are not literals. */
export function splitArguments(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "other" && token.text === ",") parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
