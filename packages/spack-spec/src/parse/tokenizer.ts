// Splits the text of specs into tokens.

import { SpackOciError } from "@spack-oci/errors";

const IDENTIFIER = String.raw`(?:[a-zA-Z_0-9][a-zA-Z_0-9\-]*)`;
const DOTTED_IDENTIFIER = String.raw`(?:${IDENTIFIER}(?:\.${IDENTIFIER})+)`;
const NAME = String.raw`[a-zA-Z_0-9][a-zA-Z_0-9\-.]*`;
const GIT_VERSION = String.raw`(?:(?:git\.[a-zA-Z_0-9][a-zA-Z_0-9.\/\-]*)|(?:[A-Fa-f0-9]{40}))`;
const BARE_VALUE = String.raw`(?:[a-zA-Z_0-9\-+*.,:=%^~\/\\]+)`;
const QUOTED_VALUE = String.raw`(?:'(?:[^']|(?<=\\)')*'|"(?:[^"]|(?<=\\)")*")`;
const VALUE = `(?:${BARE_VALUE}|${QUOTED_VALUE})`;
// Where a word begins or ends, with letters of all scripts, as in Python.
const WORD_BOUNDARY = String.raw`(?:(?<=[a-zA-Z0-9_])(?![\p{L}\p{N}_])|(?<=[.\-])(?=[\p{L}\p{N}_]))`;
const VERSION = String.raw`=?(?:[a-zA-Z0-9_][a-zA-Z_0-9\-.]*${WORD_BOUNDARY})`;
const VERSION_RANGE = String.raw`(?:(?:${VERSION})?:(?:${VERSION}(?!\s*=))?)`;
const VERSION_LIST = String.raw`(?:${VERSION_RANGE}|${VERSION})(?:\s*,\s*(?:${VERSION_RANGE}|${VERSION}))*`;
const SIGIL = String.raw`(?:\^|%%|%)`;

/** The named groups are virtual packages and the package that provides them: `c,cxx=gcc`. */
function assignment(kind: string): string {
  return `(?:(?<${kind}_virtuals>${IDENTIFIER}(?:,${IDENTIFIER})*)=(?<${kind}_substitute>${DOTTED_IDENTIFIER}|${IDENTIFIER}))`;
}

// Earlier kinds take precedence (`spack/spec_parser.py: SpecTokens`).
const PATTERNS = {
  START_EDGE_PROPERTIES: String.raw`${SIGIL}\[`,
  END_EDGE_PROPERTIES: String.raw`\](?:\s*${assignment("END_EDGE_PROPERTIES")})?`,
  DEPENDENCY: String.raw`${SIGIL}(?:\s*${assignment("DEPENDENCY")})?`,
  VERSION_HASH_PAIR: `@${GIT_VERSION}=${VERSION}`,
  GIT_VERSION: `@${GIT_VERSION}`,
  VERSION: String.raw`@\s*(?:${VERSION_LIST})`,
  PROPAGATED_BOOL_VARIANT: String.raw`(?:\+\+|~~|--)\s*${NAME}`,
  BOOL_VARIANT: String.raw`[~+\-]\s*${NAME}`,
  PROPAGATED_KEY_VALUE_PAIR: `${NAME}:?==${VALUE}`,
  KEY_VALUE_PAIR: `${NAME}:?=${VALUE}`,
  FILENAME: String.raw`(?:\.|\/|[a-zA-Z0-9\-_]*\/)(?:[a-zA-Z0-9\-_.\/]*)(?:\.json|\.yaml)`,
  FULLY_QUALIFIED_PACKAGE_NAME: DOTTED_IDENTIFIER,
  UNQUALIFIED_PACKAGE_NAME: String.raw`${IDENTIFIER}|\*`,
  DAG_HASH: String.raw`\/[a-zA-Z_0-9]+`,
  WS: String.raw`\s+`,
  UNEXPECTED: String.raw`[^\n]\s*`,
} as const;

/** The kinds of tokens, named as in Spack. */
export type TokenKind = keyof typeof PATTERNS;

const KINDS = Object.keys(PATTERNS) as TokenKind[];
const PATTERN = KINDS.map((kind) => `(?<${kind}>${PATTERNS[kind]})`).join("|");

/** A piece of the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Where it begins and ends, in characters. */
  readonly start: number;
  readonly end: number;
  /** `virtuals` and `substitute` of `%virtuals=substitute`. */
  readonly assignment?: { readonly virtuals: readonly string[]; readonly substitute: string };
}

/**
 * The tokens of `text`, including white space, on demand.
 *
 * @throws SpackOciError `ERR_SPEC_TOKENS` at the first unexpected character
 */
export function* tokenize(text: string): Generator<Token> {
  for (const token of allTokens(text)) {
    if (token.kind === "UNEXPECTED") throw tokenError(text);
    yield token;
  }
}

function* allTokens(text: string): Generator<Token> {
  const matcher = new RegExp(PATTERN, "uy");
  let start = 0;
  for (let match = matcher.exec(text); match !== null; match = matcher.exec(text)) {
    const groups = match.groups ?? {};
    const kind = KINDS.find((candidate) => groups[candidate] !== undefined) ?? "UNEXPECTED";
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
      hint: "A spec looks like name@version+variant key=value ^dependency; quote values with spaces.",
    },
  );
}
