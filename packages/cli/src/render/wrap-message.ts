// Wraps messages to the width of a terminal, which would break them within words.

import type { OutputStream } from "../process/console.js";

/** Words, and commands in quotes, which are copied as a whole. */
const WORD = /(?:"[^"\n]*"|`[^`\n]*`|[^\s"`]|["`])+/g;

/** A narrower terminal wraps by itself. */
const MIN_COLUMNS = 20;

/** Lines of a message, each of which continues with an indent of at least two; as they are unless on a terminal. */
export function wrapMessage(
  text: string,
  { isTTY, columns }: Pick<OutputStream, "isTTY" | "columns">,
): string {
  if (isTTY !== true || columns === undefined || columns < MIN_COLUMNS) return text;
  return text
    .split("\n")
    .map((line) => (line.length <= columns ? line : wrapLine(line, columns)))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = indent;
  for (const [word] of line.matchAll(WORD)) {
    const isFirst = current.trim() === "";
    if (isFirst || current.length + 1 + word.length <= columns) {
      current += isFirst ? word : ` ${word}`;
    } else {
      lines.push(current);
      current = (indent.length < 2 ? "  " : indent) + word;
    }
  }
  return [...lines, current].join("\n");
}
