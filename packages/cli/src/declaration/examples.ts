// The examples in a command's help.

import type { Example } from "./command.js";

/**
 * A comment for each example, and a line to copy, which continues with a backslash where it would be too long.
 *
 * @param width of the terminal, in characters
 */
export function exampleText(examples: readonly Example[], width: number): string {
  const lines = examples.flatMap(({ purpose, line }) => [
    ...fold(purpose.split(" "), { width, first: "  # ", next: "  # ", end: "" }),
    ...fold(wordsOf(line), { width, first: "  spack-oci ", next: "    ", end: " \\" }),
  ]);
  return [examples.length === 1 ? "Example:" : "Examples:", ...lines].join("\n");
}

/** Words that stay on one line: an option stays with its value, and quoted text in one piece. */
function wordsOf(line: string): readonly string[] {
  return line.match(/(?:--?[\w-]+ (?=[^-\s]))?(?:'[^']*'|"[^"]*"|\S)+/g) ?? [];
}

interface Folding {
  readonly width: number;
  /** The indents of the first line and of those that follow. */
  readonly first: string;
  readonly next: string;
  /** What a line ends with if another one follows. */
  readonly end: string;
}

function fold(words: readonly string[], { width, first, next, end }: Folding): readonly string[] {
  const lines: string[] = [];
  let line = first.trimEnd();
  for (const [index, word] of words.entries()) {
    const reserve = index === words.length - 1 ? 0 : end.length;
    if (line.trim() !== next.trim() && line.length + 1 + word.length + reserve > width) {
      lines.push(line + end);
      line = `${next}${word}`;
    } else line += ` ${word}`;
  }
  return [...lines, line];
}
