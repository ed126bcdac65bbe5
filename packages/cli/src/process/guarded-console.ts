// The one door to the terminal. Names, versions, tags, headers and error bodies come from registries and files: none of
// them may control the terminal or change the order in which text appears.

import { colorProblems } from "./color-problems.js";
import { type ColorSetting, usesColors } from "./colors.js";
import type { Console } from "./console.js";

/** Moves the cursor to the start of the line, and clears it. */
export const CLEAR_LINE = "\r\x1b[K";

/**
 * Moves the cursor to the start of the first of some lines, the last of which it is on, and clears them. It has this
 * effect only as the start of a write to standard error.
 */
export function eraseLines(count: number): string {
  return count <= 1 ? CLEAR_LINE : `\x1b[${count - 1}A\r\x1b[J`;
}

/** What {@link eraseLines} returns, at the start of a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const ERASURE = /^(?:\r\x1b\[K|\x1b\[\d{1,3}A\r\x1b\[J)/;

/**
 * C0 except tab and line feed, DEL and C1; line and paragraph separators; bidirectional controls (Unicode UAX #9, 2).
 */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The sequences of Spack's colors (Spack: llnl/util/tty/color.py): a style, and often a color. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: see above
const COLORS = /(\x1b\[[014](?:;[39][0-7])?m)/;

/** Text in which control and bidirectional characters are shown as escapes, which in JSON have the same value. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/**
 * A console that shows only printable text.
 *
 * @param color whether standard output keeps the colors of text, and problems on standard error have colors; `auto` by
 *   default
 */
export function guardedConsole(console: Console, color?: ColorSetting): Console {
  const { stdout, stderr, environment, confirm, prompt, readSecret } = console;
  // A dumb terminal shows escape sequences instead of obeying them.
  const isDumb = environment["TERM"] === "dumb";
  const hasColors = usesColors({ setting: color, environment, stream: stdout });
  const hasColoredProblems = usesColors({ setting: color, environment, stream: stderr });
  return {
    ...console,
    stdout: {
      isTTY: !isDumb && stdout.isTTY,
      get columns() {
        return stdout.columns;
      },
      write: (text) => stdout.write(hasColors ? withColors(text) : printable(text)),
    },
    stderr: {
      isTTY: !isDumb && stderr.isTTY,
      get columns() {
        return stderr.columns;
      },
      write(text) {
        const [erasure = ""] = (stderr.isTTY === true && !isDumb && ERASURE.exec(text)) || [];
        const shown = printable(text.slice(erasure.length));
        return stderr.write(erasure + (hasColoredProblems ? colorProblems(shown) : shown));
      },
    },
    confirm: confirm && ((question) => confirm(printable(question))),
    prompt: prompt && ((question) => prompt(printable(question))),
    readSecret: readSecret && ((question) => readSecret(printable(question))),
  };
}

function withColors(text: string): string {
  // Every second part is one of the sequences.
  return text
    .split(COLORS)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join("");
}
