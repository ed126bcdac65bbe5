// The WWW-Authenticate header says how a registry wants to be asked (RFC 9110 section 11.6.1).

/** One challenge: scheme and parameter names in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameterPattern = new RegExp(
  `^(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))[ \\t]*(?=,|$)`,
  "s",
);
const schemePattern = new RegExp(`^(${token})(?:[ \\t]+|(?=,|$))`);
const token68Pattern = /^[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)/;

/**
 * Reads all challenges of a header, in order. What cannot be read ends the list: a header that is malformed
 * throughout gives none.
 */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  let rest = header;
  for (;;) {
    rest = rest.replace(/^[\s,]+/, "");
    if (rest === "") return challenges;
    const current = challenges.at(-1);
    const parameter = current === undefined ? null : parameterPattern.exec(rest);
    if (current !== undefined && parameter !== null) {
      const [all, name = "", quoted, plain = ""] = parameter;
      current.parameters[name.toLowerCase()] ??=
        quoted === undefined ? plain : quoted.replace(/\\(.)/gs, "$1");
      rest = rest.slice(all.length);
      continue;
    }
    const scheme = schemePattern.exec(rest);
    if (scheme === null) return challenges;
    challenges.push({ scheme: (scheme[1] ?? "").toLowerCase(), parameters: Object.create(null) });
    rest = rest.slice(scheme[0].length);
    const token68 = parameterPattern.test(rest) || rest.startsWith(",") ? null : token68Pattern.exec(rest);
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
