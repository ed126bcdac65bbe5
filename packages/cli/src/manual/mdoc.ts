// Writes text in mdoc, the language of manual pages (mdoc(7)).

import { wrapParagraphs } from "../declaration/help-layout.js";

/** The longest lines of a source, with room for escapes. */
const WIDTH = 76;

/**
 * Text of any kind as lines of a page: no more than one sentence per line, and nothing that mdoc would take for a
 * request.
 */
export function textLines(text: string): readonly string[] {
  const sentences = text
    .replaceAll(/\s+/g, " ")
    .trim()
    .replaceAll(/([.?!]) (?=\S)/g, "$1\n");
  const lines = sentences.split("\n").flatMap((sentence) => wrapParagraphs(sentence, WIDTH).split("\n"));
  return lines.map(escapeLine);
}

/** Text that is shown as it is, such as a command line. */
export function literalLines(lines: readonly string[]): readonly string[] {
  return [".Bd -literal -offset indent", ...lines.map(escapeLine), ".Ed"];
}

/** An argument of a macro: in quotes if it has spaces, and never the name of another macro. */
export function macroArgument(text: string): string {
  const escaped = escapeText(text).replaceAll('"', '""');
  return /[\s"]/.test(text) ? `"\\&${escaped}"` : `\\&${escaped}`;
}

/** A list of terms and what they mean. */
export function tagList(
  items: readonly { readonly term: string; readonly text: readonly string[] }[],
): readonly string[] {
  if (items.length === 0) return [];
  return [".Bl -tag -width Ds", ...items.flatMap(({ term, text }) => [`.It ${term}`, ...text]), ".El"];
}

function escapeLine(line: string): string {
  return escapeText(line).replace(/^(?=[.'])/, "\\&");
}

function escapeText(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll(/(?<!\S)--(?!\S)/g, "\\-\\-");
}
