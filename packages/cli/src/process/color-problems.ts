// Colors the words that lines about problems start with, as Spack colors "Error" and "Warning" (llnl/util/tty/__init__.py).

const RED = "\x1b[1;31m";
const YELLOW = "\x1b[1;33m";
const PLAIN = "\x1b[0m";

/** An error, one of the parser of arguments, a warning, and a package that failed, with its position in the work. */
const PROBLEM = /^(\[\d+\/\d+\] )?(spack-oci:|error:|warning:|failed(?= ))/gm;

/** Text for a terminal, whose lines about problems start in color. */
export function colorProblems(text: string): string {
  return text.replace(
    PROBLEM,
    (_, position: string | undefined, word: string) =>
      `${position ?? ""}${word === "warning:" ? YELLOW : RED}${word}${PLAIN}`,
  );
}
