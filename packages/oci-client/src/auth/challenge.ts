// The WWW-Authenticate header states which authentication a registry accepts (RFC 9110 section 11.6.1).

/** One challenge; scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAMETER_PATTERN = new RegExp(
  `^(${TOKEN})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))[ \\t]*(?=,|$)`,
  "s",
);
const SCHEME_PATTERN = new RegExp(`^(${TOKEN})(?:[ \\t]+|(?=,|$))`);
const TOKEN68_PATTERN = /^[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)/;

/** Parses all challenges of a header, in order. Parsing ends at the first malformed challenge. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = header;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, "");
    if (rest === "") return challenges;
    const current = challenges.at(-1);
    const parameter = current === undefined ? null : PARAMETER_PATTERN.exec(rest);
    if (current !== undefined && parameter !== null) {
      const [all, name = "", quoted, plain = ""] = parameter;
      current.parameters[name.toLowerCase()] ??=
        quoted === undefined ? plain : quoted.replace(/\\(.)/gs, "$1");
      rest = rest.slice(all.length);
      continue;
    }
    const scheme = SCHEME_PATTERN.exec(rest);
    if (scheme === null) return challenges;
    challenges.push({ scheme: (scheme[1] ?? "").toLowerCase(), parameters: Object.create(null) });
    rest = rest.slice(scheme[0].length);
    const token68 = PARAMETER_PATTERN.test(rest) || rest.startsWith(",") ? null : TOKEN68_PATTERN.exec(rest);
    if (token68 !== null) rest = rest.slice(token68[0].length);
  }
}

/** The first challenge of a scheme. */
export function challengeFor(
  challenges: readonly Challenge[],
  scheme: "basic" | "bearer",
): Challenge | undefined {
  return challenges.find((challenge) => challenge.scheme === scheme);
}
