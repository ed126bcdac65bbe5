// The value of a Python string literal (Python reference, 2.4.1).

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ESCAPE =
  /\\(?:(?<break>\r?\n)|(?<octal>[0-7]{1,3})|x(?<byte>[0-9a-fA-F]{2})|u(?<short>[0-9a-fA-F]{4})|U(?<long>[0-9a-fA-F]{8})|(?<letter>[\s\S]))/gu;

/** The value; `isFormatted` for f-strings, whose value is known only at run time. */
export function stringValue(literal: string): { readonly text: string; readonly isFormatted: boolean } {
  const prefix = (/^[a-z]*/i.exec(literal)?.[0] ?? "").toLowerCase();
  const quoted = literal.slice(prefix.length);
  const width = /^("""|''')/.test(quoted) ? 3 : 1;
  const inside = quoted.slice(width, -width).replace(/\r\n?/g, "\n");
  const text = prefix.includes("r") ? inside : inside.replace(ESCAPE, valueOfEscape);
  return { text, isFormatted: prefix.includes("f") };
}

function valueOfEscape(...match: readonly unknown[]): string {
  const groups = match.at(-1) as Readonly<Record<string, string | undefined>>;
  if (groups["break"] !== undefined) return "";
  if (groups["octal"] !== undefined) return String.fromCodePoint(Number.parseInt(groups["octal"], 8));
  const code = groups["byte"] ?? groups["short"] ?? groups["long"];
  if (code !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
  const letter = groups["letter"] ?? "";
  return ESCAPES[letter] ?? `\\${letter}`;
}
