// Reads what a recipe says about where its package comes from: licenses, versions and their checksums, addresses.

import { literalOf, splitArguments, whenOf } from "./literal-arguments.js";
import { recipeClassName } from "./names.js";
import { type LogicalLine, logicalLines, type Token } from "./python-tokens.js";

/** A license that holds under conditions. */
interface DeclaredLicense {
  /** Usually an SPDX expression. */
  readonly license: string;
  /** Specs that the package has to satisfy, all of them. */
  readonly conditions: readonly string[];
}

/** A version that the recipe declares; undefined is what it does not say, or not literally. */
interface DeclaredVersion {
  readonly version: string;
  readonly sha256: string | undefined;
  readonly url: string | undefined;
  readonly git: string | undefined;
  readonly commit: string | undefined;
}

/** Where a package comes from, by the text of its recipe. */
export interface RecipeOrigins {
  readonly licenses: readonly DeclaredLicense[];
  readonly versions: readonly DeclaredVersion[];
  readonly homepage: string | undefined;
  readonly url: string | undefined;
  readonly git: string | undefined;
}

/**
 * Reads the directives `license` and `version`, and the attributes `homepage`, `url` and `git` of the class itself.
 * What stands in a block other than `with when(...)`, or depends on code, is left out.
 *
 * @param name of the package
 *
 * @example
 * ```ts
 * import { readOrigins } from "@spack-oci/spack-modules";
 *
 * const recipe = 'class Zlib(Package):\n    homepage = "https://zlib.net"\n';
 * console.log(readOrigins(recipe, "zlib").homepage); // https://zlib.net
 * ```
 */
export function readOrigins(text: string, name: string): RecipeOrigins {
  const scan = new OriginScan();
  for (const line of classBody(logicalLines(text), recipeClassName(name))) scan.read(line);
  const { licenses, versions, attributes } = scan;
  const [homepage, url, git] = ["homepage", "url", "git"].map((each) => attributes.get(each));
  return { licenses, versions, homepage, url, git };
}

function classBody(lines: readonly LogicalLine[], className: string): readonly LogicalLine[] {
  const head = lines.findIndex(
    ({ indent, tokens }) => indent === 0 && tokens[0]?.text === "class" && tokens[1]?.text === className,
  );
  if (head < 0) return [];
  const rest = lines.slice(head + 1);
  const end = rest.findIndex(({ indent }) => indent === 0);
  return end < 0 ? rest : rest.slice(0, end);
}

class OriginScan {
  readonly licenses: DeclaredLicense[] = [];
  readonly versions: DeclaredVersion[] = [];
  readonly attributes = new Map<string, string>();
  /** Blocks around the statement; without a condition, what they contain may not hold. */
  #blocks: { readonly indent: number; readonly condition: string | undefined }[] = [];

  read({ indent, tokens }: LogicalLine): void {
    this.#blocks = this.#blocks.filter((block) => block.indent < indent);
    const [first, second, ...rest] = tokens;
    if (first === undefined) return;
    if (tokens.at(-1)?.text === ":" && first.kind === "name") {
      this.#blocks.push({ indent, condition: whenOf(tokens) });
      return;
    }
    const conditions = this.#blocks.flatMap(({ condition }) => condition ?? []);
    if (conditions.length < this.#blocks.length || first.kind !== "name") return;
    if (second?.text === "(") this.#directive(first.text, rest.slice(0, -1), conditions);
    const value = literalOf(withoutParentheses(rest));
    if (second?.text === "=" && this.#blocks.length === 0 && value !== undefined)
      this.attributes.set(first.text, value);
  }

  #directive(name: string, tokens: readonly Token[], blocks: readonly string[]): void {
    if (name !== "license" && name !== "version") return;
    const [first = [], ...others] = splitArguments(tokens);
    const subject = literalOf(first);
    if (subject === undefined) return;
    const keywords = new Map(
      others.map(([key, equals, ...value]) => [
        equals?.text === "=" ? key?.text : undefined,
        literalOf(value),
      ]),
    );
    const when = keywords.get("when");
    if (keywords.has("when") && when === undefined) return;
    const conditions = when === undefined ? blocks : [...blocks, when];
    if (name === "license") this.licenses.push({ license: subject, conditions });
    else {
      const [sha256, url, git, commit] = ["sha256", "url", "git", "commit"].map((key) => keywords.get(key));
      this.versions.push({ version: subject, sha256, url, git, commit });
    }
  }
}

/** The tokens in a pair of parentheses around all of them. */
function withoutParentheses(tokens: readonly Token[]): readonly Token[] {
  return tokens[0]?.text === "(" && tokens.at(-1)?.text === ")" ? tokens.slice(1, -1) : tokens;
}
