// Wraps text as Python's textwrap module does.

import { isBlank } from "./python-space.js";

/** How to wrap. */
export interface WrapOptions {
  /** Whether words may be broken after hyphens. */
  readonly breakOnHyphens: boolean;
  /** Whether tabs and line breaks become spaces. */
  readonly replaceSpace: boolean;
}

const SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
const OTHER = "[^\\t\\n\\x0b\\x0c\\r ]";
const WORD = "[\\p{L}\\p{N}_]";
const PUNCTUATED = `[\\p{L}\\p{N}_!"'&.,?]`;
const LETTER = "[\\p{L}\\p{Nl}\\p{No}_]";

/** `TextWrapper.wordsep_re`: white space, words that may end after a hyphen, and dashes. */
const HYPHENATED = new RegExp(
  `(${SPACE}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|${OTHER}+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  "u",
);
const SIMPLE = new RegExp(`(${SPACE}+)`, "u");

/**
 * The lines of a text, none longer than `width` characters (Python: textwrap.py, `wrap`). White space at the beginning
 * of the first line stays.
 */
export function wrapText(text: string, width: number, options: WrapOptions): string[] {
  const spaced = options.replaceSpace ? expandTabs(text).replace(/[\t\n\v\f\r]/g, " ") : text;
  const chunks = spaced
    .split(options.breakOnHyphens ? HYPHENATED : SIMPLE)
    .filter((chunk) => chunk !== undefined && chunk !== "")
    .reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1) ?? "")) chunks.pop();
    const line: string[] = [];
    let length = 0;
    while (chunks.length > 0 && length + lengthOf(chunks.at(-1)) <= width) {
      length += lengthOf(chunks.at(-1));
      line.push(chunks.pop() ?? "");
    }
    if (lengthOf(chunks.at(-1)) > width) breakWord(chunks, line, { space: width - length, ...options });
    if (isBlank(line.at(-1) ?? "x")) line.pop();
    if (line.length > 0) lines.push(line.join(""));
  }
  return lines;
}

/** Puts as much of a word that fits on no line as possible on this one (`_handle_long_word`). */
function breakWord(
  chunks: string[],
  line: string[],
  { space, breakOnHyphens }: { readonly space: number } & Pick<WrapOptions, "breakOnHyphens">,
): void {
  const word = [...(chunks.pop() ?? "")];
  const hyphen = breakOnHyphens && word.length > space ? word.slice(0, space).lastIndexOf("-") : -1;
  const end = hyphen > 0 && word.slice(0, hyphen).some((character) => character !== "-") ? hyphen + 1 : space;
  line.push(word.slice(0, end).join(""));
  chunks.push(word.slice(end).join(""));
}

/** In characters, as in Python. */
function lengthOf(chunk: string | undefined): number {
  return [...(chunk ?? "")].length;
}

/** Tabs as spaces up to the next multiple of eight (`str.expandtabs`). */
function expandTabs(text: string): string {
  let column = 0;
  return [...text]
    .map((character) => {
      if (character === "\t") {
        const width = 8 - (column % 8);
        column += width;
        return " ".repeat(width);
      }
      column = character === "\n" || character === "\r" ? 0 : column + 1;
      return character;
    })
    .join("");
}
