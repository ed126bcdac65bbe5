// Reads the text of a recipe: its class, and what it imports, without running it.

import { type EnvironmentStatement, readEnvironmentMethod } from "./environment-method.js";
import { literalOf, splitArguments, whenOf } from "./literal-arguments.js";
import { type LogicalLine, logicalLines, type Token } from "./python-tokens.js";
import type { Provision } from "./recipe.js";

/** A class of a source file, with what its own text shows. */
export interface SourceClass {
  readonly name: string;
  /** Base classes as written, such as `CMakePackage` or `python.PythonPackage`. */
  readonly bases: readonly string[];
  readonly documentation: string | undefined;
  readonly provisions: readonly Provision[];
  /** Undefined if the class does not set `tags`. */
  readonly tags: readonly string[] | undefined;
  /** Names of its methods and attributes. */
  readonly members: ReadonlySet<string>;
  /** False if what it provides depends on code that would have to run. */
  readonly knowsProvisions: boolean;
  /** What methods such as `setup_run_environment` do, if they consist of nothing but plain statements. */
  readonly environmentMethods: ReadonlyMap<string, readonly EnvironmentStatement[]>;
}

/** A source file. */
export interface SourceFile {
  readonly classes: ReadonlyMap<string, SourceClass>;
  /** Imported names, with the module and the name there; an empty name stands for the module itself. */
  readonly imports: ReadonlyMap<string, { readonly module: string; readonly name: string }>;
}

/** The methods that change the run environments of a package and of its dependents. */
const ENVIRONMENT_METHODS = ["setup_run_environment", "setup_dependent_run_environment"];

/** Reads classes at the top level, and imports. */
export function readSource(text: string): SourceFile {
  const lines = logicalLines(text);
  const classes = new Map<string, SourceClass>();
  const imports = new Map<string, { module: string; name: string }>();
  for (const [index, line] of lines.entries()) {
    for (const [name, from] of importsOf(line.tokens)) imports.set(name, from);
    if (line.indent !== 0 || line.tokens[0]?.text !== "class") continue;
    const end = lines.findIndex((other, at) => at > index && other.indent === 0);
    const found = readClass(line, lines.slice(index + 1, end < 0 ? undefined : end));
    classes.set(found.name, found);
  }
  return { classes, imports };
}

/** Names as words of `from a.b import c as d` and of `import a.b as c`. */
function importsOf(tokens: readonly Token[]): [string, { module: string; name: string }][] {
  const words = textOf(tokens);
  const [, module, names = ""] = /^from ([\p{L}\p{N}_. ]+) import (.*)$/u.exec(words) ?? [];
  if (module !== undefined) {
    return names
      .replace(/[()]/g, "")
      .split(",")
      .map((part) => part.trim().split(/ as /))
      .filter(([name]) => name)
      .map(([name = "", alias]) => [alias ?? name, { module: compact(module), name }]);
  }
  const [, imported, alias] = /^import ([\p{L}\p{N}_. ]+?)(?: as (\S+))?$/u.exec(words) ?? [];
  return imported === undefined
    ? []
    : [[alias ?? compact(imported), { module: compact(imported), name: "" }]];
}

function readClass(head: LogicalLine, body: readonly LogicalLine[]): SourceClass {
  const [, name = "", list = ""] = /^class (\S+)(?: \( (.*?) \))?/.exec(textOf(head.tokens)) ?? [];
  const scan = new BodyScan();
  for (const line of body) scan.read(line);
  const first = body[0]?.tokens ?? [];
  const isDocumentation =
    first.length > 0 && first.every((token) => token.kind === "string" && !token.isFormatted);
  return {
    name,
    bases: list
      .split(",")
      .map(compact)
      .filter((base) => base !== "" && !base.includes("=")),
    documentation: isDocumentation ? first.map(({ text }) => text).join("") : undefined,
    provisions: scan.provisions,
    tags: scan.tags,
    members: scan.members,
    knowsProvisions: scan.knowsProvisions,
    environmentMethods: environmentMethodsIn(body),
  };
}

/** Leaves out methods that are defined more than once or decorated, as with `@when`. */
function environmentMethodsIn(
  body: readonly LogicalLine[],
): ReadonlyMap<string, readonly EnvironmentStatement[]> {
  const indent = body[0]?.indent ?? 0;
  const found = new Map<string, readonly EnvironmentStatement[]>();
  for (const name of ENVIRONMENT_METHODS) {
    const places = [...body.keys()].filter((at) => {
      const [keyword, defined] = body[at]?.tokens ?? [];
      return keyword?.text === "def" && defined?.text === name;
    });
    const [at, ...others] = places;
    const head = at === undefined ? undefined : body[at];
    if (at === undefined || head?.indent !== indent || others.length > 0) continue;
    if (body[at - 1]?.tokens[0]?.text === "@") continue;
    const rest = body.slice(at + 1);
    const end = rest.findIndex((line) => line.indent <= indent);
    const statements = readEnvironmentMethod(head, end < 0 ? rest : rest.slice(0, end));
    if (statements !== undefined) found.set(name, statements);
  }
  return found;
}

/** Reads the statements of a class; directives apply in the blocks of `with when(...)` around them. */
class BodyScan {
  readonly provisions: Provision[] = [];
  readonly members = new Set<string>();
  tags: readonly string[] | undefined;
  knowsProvisions = true;
  /** Blocks around the statement. Undefined: its directives depend on code. */
  #blocks: {
    readonly indent: number;
    readonly condition: string | undefined;
    readonly isFunction: boolean;
  }[] = [];

  read({ indent, tokens }: LogicalLine): void {
    this.#blocks = this.#blocks.filter((block) => block.indent < indent);
    const [first, second] = tokens;
    const isInFunction = this.#blocks.some((block) => block.isFunction);
    if (isInFunction || first === undefined) return;
    const keyword = first.text === "async" ? second?.text : first.text;
    if (keyword === "def" || keyword === "class") {
      const name = tokens[first.text === "async" ? 2 : 1]?.text ?? "";
      this.members.add(name);
      this.#blocks.push({ indent, condition: undefined, isFunction: true });
      return;
    }
    if (tokens.at(-1)?.text === ":" && first.kind === "name") {
      this.#blocks.push({ indent, condition: whenOf(tokens), isFunction: false });
      return;
    }
    const isDirective = first.text === "provides" && second?.text === "(";
    if (!isDirective && tokens.some(({ kind, text }) => kind === "name" && text === "provides")) {
      this.knowsProvisions = false;
    }
    if (first.kind !== "name") return;
    if (isDirective) this.#provide(tokens.slice(2, -1));
    if (second?.text === "=" || second?.text === ":") this.#assign(first.text, tokens);
  }

  #provide(args: readonly Token[]): void {
    const conditions = this.#blocks.map(({ condition }) => condition);
    const virtuals: string[] = [];
    for (const argument of splitArguments(args)) {
      const [name, equals, ...value] = argument;
      const isCondition = name?.text === "when" && equals?.text === "=";
      const text = literalOf(isCondition ? value : argument);
      if (text === undefined) this.knowsProvisions = false;
      else if (isCondition) conditions.push(text);
      else virtuals.push(/^[\w-]+/.exec(text)?.[0] ?? "");
    }
    if (conditions.includes(undefined)) this.knowsProvisions = false;
    else this.provisions.push({ virtuals, conditions: conditions as string[] });
  }

  #assign(name: string, tokens: readonly Token[]): void {
    this.members.add(name);
    if (name === "tags") this.tags = tokens.filter(({ kind }) => kind === "string").map(({ text }) => text);
  }
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join(" ");
}

function compact(text: string): string {
  return text.replace(/ /g, "");
}
