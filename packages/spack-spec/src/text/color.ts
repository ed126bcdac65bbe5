// Spack's color expressions, and the escape sequences of terminals.

const CODES: Readonly<Record<string, number>> = {
  k: 30,
  r: 31,
  g: 32,
  y: 33,
  b: 34,
  m: 35,
  c: 36,
  w: 37,
};

const EXPRESSION =
  /@(?:(?<at>@)|(?<dot>\.)|(?<style>[*_])?(?<letter>[a-zA-Z])?(?:\{(?<inner>(?:[^}]|\}\})*)\})?)/g;
const ESCAPE_CHARACTER = String.fromCharCode(27);
const ESCAPE_SEQUENCE = new RegExp(`${ESCAPE_CHARACTER}[^m]*m`, "g");

/**
 * Replaces color expressions: `@c{text}` is cyan, `@C` bright, `@*c` bold, `@_c` underlined, `@.` ends a color, `@@` is
 * `@` and `}}` is `}`. Without `color`, only the text remains (`spack/llnl/util/tty/color.py: colorize`).
 */
export function colorize(text: string, color: boolean): string {
  const sequence = (code: string) => (color ? `${ESCAPE_CHARACTER}[${code}m` : "");
  const replaced = text.replace(EXPRESSION, (...match) => {
    const { at, dot, style, letter, inner } = match.at(-1) as Partial<Record<string, string>>;
    if (at) return "@";
    if (dot) return sequence("0");
    const start = sequence(`${styleCode(style)}${colorCode(letter)}`);
    return inner ? `${start}${inner}${sequence("0")}` : start;
  });
  return replaced.replaceAll("}}", "}");
}

function styleCode(style: string | undefined): string {
  return style === "*" ? "1" : style === "_" ? "4" : "0";
}

function colorCode(letter: string | undefined): string {
  const code = CODES[letter?.toLowerCase() ?? ""];
  if (code === undefined) return "";
  return `;${letter === letter?.toLowerCase() ? code : code + 60}`;
}

/** `text` escaped for {@link colorize}. */
export function escapeColor(text: string): string {
  return text.replaceAll("@", "@@").replaceAll("}", "}}");
}

/** The width of `text` on a terminal, without escape sequences. */
export function visibleLength(text: string): number {
  return [...text.replace(ESCAPE_SEQUENCE, "")].length;
}
