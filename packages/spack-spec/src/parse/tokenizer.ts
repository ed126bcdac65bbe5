// Cuts the text of specs into tokens.
import { SpackOciError } from "@spack-oci/errors";

const identifier = String.raw`(?:[a-zA-Z_0-9][a-zA-Z_0-9\-]*)`;
const dottedIdentifier = String.raw`(?:${identifier}(?:\.${identifier})+)`;
const name = String.raw`[a-zA-Z_0-9][a-zA-Z_0-9\-.]*`;
const gitVersion = String.raw`(?:(?:git\.[a-zA-Z_0-9][a-zA-Z_0-9.\/\-]*)|(?:[A-Fa-f0-9]{40}))`;
const bareValue = String.raw`(?:[a-zA-Z_0-9\-+*.,:=%^~\/\\]+)`;
const quotedValue = String.raw`(?:'(?:[^']|(?<=\\)')*'|"(?:[^"]|(?<=\\)")*")`;
const value = `(?:${bareValue}|${quotedValue})`;
// Where a word ends or begins, letters of all scripts counted as Python counts them.
const wordBoundary = String.raw`(?:(?<=[a-zA-Z0-9_])(?![\p{L}\p{N}_])|(?<=[.\-])(?=[\p{L}\p{N}_]))`;
const version = String.raw`=?(?:[a-zA-Z0-9_][a-zA-Z_0-9\-.]*${wordBoundary})`;
const versionRange = String.raw`(?:(?:${version})?:(?:${version}(?!\s*=))?)`;
const versionList = String.raw`(?:${versionRange}|${version})(?:\s*,\s*(?:${versionRange}|${version}))*`;
const sigil = String.raw`(?:\^|%%|%)`;

/** The named groups stand for a virtual package and the package that is to provide it: `c,cxx=gcc`. */
function assignment(kind: string): string {
  return `(?:(?<${kind}_virtuals>${identifier}(?:,${identifier})*)=(?<${kind}_substitute>${dottedIdentifier}|${identifier}))`;
}

// Earlier kinds win (`spack/spec_parser.py: SpecTokens`).
const patterns = {
  START_EDGE_PROPERTIES: String.raw`${sigil}\[`,
  END_EDGE_PROPERTIES: String.raw`\](?:\s*${assignment("END_EDGE_PROPERTIES")})?`,
  DEPENDENCY: String.raw`${sigil}(?:\s*${assignment("DEPENDENCY")})?`,
  VERSION_HASH_PAIR: `@${gitVersion}=${version}`,
  GIT_VERSION: `@${gitVersion}`,
  VERSION: String.raw`@\s*(?:${versionList})`,
  PROPAGATED_BOOL_VARIANT: String.raw`(?:\+\+|~~|--)\s*${name}`,
  BOOL_VARIANT: String.raw`[~+\-]\s*${name}`,
  PROPAGATED_KEY_VALUE_PAIR: `${name}:?==${value}`,
  KEY_VALUE_PAIR: `${name}:?=${value}`,
  FILENAME: String.raw`(?:\.|\/|[a-zA-Z0-9\-_]*\/)(?:[a-zA-Z0-9\-_.\/]*)(?:\.json|\.yaml)`,
  FULLY_QUALIFIED_PACKAGE_NAME: dottedIdentifier,
  UNQUALIFIED_PACKAGE_NAME: String.raw`${identifier}|\*`,
  DAG_HASH: String.raw`\/[a-zA-Z_0-9]+`,
  WS: String.raw`\s+`,
  UNEXPECTED: String.raw`[^\n]\s*`,
} as const;

/** The kinds of tokens, under Spack's names. */
export type TokenKind = keyof typeof patterns;

const kinds = Object.keys(patterns) as TokenKind[];
const pattern = kinds.map((kind) => `(?<${kind}>${patterns[kind]})`).join("|");

/** A piece of the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it begins and ends, in characters of the text. */
  readonly start: number;
  readonly end: number;
  /** `virtuals` and `substitute` of `%virtuals=substitute`. */
  readonly assignment?: { readonly virtuals: readonly string[]; readonly substitute: string };
}

/**
 * The tokens of `text`, white space included, one after another as they are asked for.
 *
 * @throws SpackOciError `ERR_SPEC_TOKENS` at the first character that cannot stand where it stands
 */
export function* tokenize(text: string): Generator<Token> {
  for (const token of allTokens(text)) {
    if (token.kind === "UNEXPECTED") throw tokenError(text);
    yield token;
  }
}

function* allTokens(text: string): Generator<Token> {
  const matcher = new RegExp(pattern, "uy");
  let start = 0;
  for (let match = matcher.exec(text); match !== null; match = matcher.exec(text)) {
    const groups = match.groups ?? {};
    const kind = kinds.find((candidate) => groups[candidate] !== undefined) ?? "UNEXPECTED";
    const end = start + [...match[0]].length;
    const virtuals = groups[`${kind}_virtuals`];
    const substitute = groups[`${kind}_substitute`];
    const token = { kind, text: match[0], start, end };
    if (virtuals === undefined || substitute === undefined) yield token;
    else yield { ...token, assignment: { virtuals: virtuals.split(","), substitute } };
    start = end;
  }
}

function tokenError(text: string): SpackOciError {
  const marks = [...allTokens(text)].map(({ kind, start, end }) => {
    return (kind === "UNEXPECTED" ? "^" : " ").repeat(end - start);
  });
  return new SpackOciError(
    "ERR_SPEC_TOKENS",
    `unexpected characters in the spec string\n${text}\n${marks.join("")}`,
    {
      kind: "usage",
      hint: "A spec looks like name@version+variant key=value ^dependency; quote values that have spaces.",
    },
  );
}
