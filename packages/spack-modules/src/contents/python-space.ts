// White space as Python's regular expressions and `str.strip` know it.

/** The characters of `\s` in Python, for use inside brackets. */
const PYTHON_SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";

const SPACES = new RegExp(`[${PYTHON_SPACE}]+`, "g");
const BREAKS = "\n\r\v\f\x1c-\x1e\x85\u2028\u2029";
const LINE_BREAK = new RegExp(`\r\n|[${BREAKS}]`);
const BLANK = new RegExp(`^[${PYTHON_SPACE}]*$`);

/** Every run of white space as one space. */
export function collapseSpace(text: string): string {
  return text.replace(SPACES, " ");
}

/** Whether a text has nothing but white space. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

/** The lines of a text, as `str.splitlines`. */
export function splitLines(text: string): string[] {
  const lines = text.split(LINE_BREAK);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
