// Reads what a recipe does to environment variables, if its method consists of nothing but plain statements.

import { type LogicalLine, logicalLines, type Token } from "./python-tokens.js";

/** A part of a value: text, or the prefix of the recipe's package or of a dependent. */
type ValuePart = string | { readonly prefixOf: "self" | "dependent" };

/** What a statement does; the names are those of Spack's methods (Spack: util/environment.py). */
type EnvironmentChange = "set" | "unset" | "prepend-path" | "append-path" | "remove-path" | "append-flags";

/** One call, such as `env.prepend_path("PATH", self.prefix.sbin)`. */
export interface EnvironmentStatement {
  readonly change: EnvironmentChange;
  readonly name: string;
  /** Joined without anything in between; empty for `unset`. */
  readonly value: readonly ValuePart[];
  readonly separator?: string | undefined;
  /** Specs that the recipe's package must satisfy, or must not. */
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly spec: string;
  readonly holds: boolean;
}

const CHANGES: ReadonlyMap<string, EnvironmentChange> = new Map([
  ["set", "set"],
  ["unset", "unset"],
  ["prepend_path", "prepend-path"],
  ["append_path", "append-path"],
  ["remove_path", "remove-path"],
  ["append_flags", "append-flags"],
]);

/** Conditions that are about the package itself, and not about its dependencies. */
const ANONYMOUS = /^[+~@]/;

/**
 * The statements of a method; undefined if one of them is anything else than a call that changes a variable, an
 * assignment of a path to a name, or a condition on the package's own spec.
 *
 * @param head the line with `def`
 * @param body the lines in the method
 */
export function readEnvironmentMethod(
  head: LogicalLine,
  body: readonly LogicalLine[],
): readonly EnvironmentStatement[] | undefined {
  try {
    return new Method(head).read(body);
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** Thrown at whatever only Python can evaluate. */
class NotPlain extends Error {}

interface Block {
  readonly indent: number;
  readonly condition: Condition;
}

class Method {
  readonly #self: string;
  readonly #env: string;
  readonly #dependent: string | undefined;
  readonly #locals = new Map<string, readonly ValuePart[]>();
  readonly #statements: EnvironmentStatement[] = [];
  #blocks: readonly Block[] = [];

  constructor({ tokens }: LogicalLine) {
    const open = tokens.findIndex(({ text }) => text === "(");
    const names = tokens.flatMap((token, index) =>
      index > open && token.kind === "name" && ["(", ","].includes(tokens[index - 1]?.text ?? "")
        ? [token.text]
        : [],
    );
    const [self, env, dependent] = names;
    if (self === undefined || env === undefined) throw new NotPlain();
    this.#self = self;
    this.#env = env;
    this.#dependent = dependent;
  }

  read(body: readonly LogicalLine[]): readonly EnvironmentStatement[] {
    for (const { indent, tokens } of body) {
      const closed = this.#blocks.find((block) => block.indent === indent);
      this.#blocks = this.#blocks.filter((block) => block.indent < indent);
      this.#line(new Cursor(tokens), indent, closed);
    }
    return this.#statements;
  }

  #line(cursor: Cursor, indent: number, closed: Block | undefined): void {
    if (cursor.tokens.every(({ kind }) => kind === "string")) return;
    const word = cursor.name();
    if (word === "pass") {
      cursor.end();
    } else if (word === "if" || word === "else") {
      const condition = word === "if" ? this.#condition(cursor) : opposite(closed?.condition);
      cursor.skip(":");
      cursor.end();
      this.#blocks = [...this.#blocks, { indent, condition }];
    } else if (word === this.#env && cursor.has(".")) {
      this.#call(cursor);
    } else {
      cursor.skip("=");
      // A name that depends on a condition may have two values.
      if (this.#blocks.length > 0 || [this.#self, this.#env].includes(word)) throw new NotPlain();
      this.#locals.set(word, this.#value(cursor));
      cursor.end();
    }
  }

  #condition(cursor: Cursor): Condition {
    const isNegated = cursor.hasName("not");
    const literal = cursor.literalIfAny();
    if (literal !== undefined) {
      const isOutside = cursor.hasName("not");
      if (!cursor.hasName("in") || !ANONYMOUS.test(literal)) throw new NotPlain();
      this.#ownSpec(cursor);
      return { spec: literal, holds: isNegated === isOutside };
    }
    this.#ownSpec(cursor);
    cursor.skip(".");
    if (cursor.name() !== "satisfies") throw new NotPlain();
    cursor.skip("(");
    const spec = cursor.literalIfAny() ?? fail();
    cursor.skip(")");
    return { spec, holds: !isNegated };
  }

  #ownSpec(cursor: Cursor): void {
    if (cursor.name() !== this.#self) throw new NotPlain();
    cursor.skip(".");
    if (cursor.name() !== "spec") throw new NotPlain();
  }

  #call(cursor: Cursor): void {
    const change = CHANGES.get(cursor.name()) ?? fail();
    cursor.skip("(");
    const name = cursor.literalIfAny() ?? fail();
    const value = change !== "unset" && cursor.has(",") ? this.#value(cursor) : [];
    if (change !== "unset" && value.length === 0) throw new NotPlain();
    const separator = cursor.has(",") && !cursor.is(")") ? this.#separator(cursor) : undefined;
    cursor.has(",");
    cursor.skip(")");
    cursor.end();
    const conditions = this.#blocks.map(({ condition }) => condition);
    this.#statements.push({ change, name, value, separator, conditions });
  }

  #separator(cursor: Cursor): string {
    if (!["separator", "sep"].includes(cursor.name())) throw new NotPlain();
    cursor.skip("=");
    return cursor.literalIfAny() ?? fail();
  }

  /** An expression for a text or a path. */
  #value(cursor: Cursor): readonly ValuePart[] {
    const strings = cursor.strings();
    if (strings.length > 0) return strings.flatMap((token) => this.#text(token));
    const word = cursor.name();
    if (word === "join_path" || word === "str") return this.#joined(cursor);
    if (word === "os") {
      for (const member of ["path", "join"]) {
        cursor.skip(".");
        if (cursor.name() !== member) throw new NotPlain();
      }
      return this.#joined(cursor);
    }
    const start = this.#locals.get(word) ?? this.#prefix(word, cursor);
    return typeof start[0] === "string" ? start : [...start, ...this.#below(cursor)];
  }

  #text({ text, isFormatted }: Token): readonly ValuePart[] {
    if (isFormatted !== true) return [text];
    if (/\{\{|\}\}/.test(text)) throw new NotPlain();
    return text.split(/(\{[^}]*\})/).flatMap((part): readonly ValuePart[] => {
      if (!part.startsWith("{")) return part === "" ? [] : [part];
      const cursor = new Cursor(logicalLines(part.slice(1, -1))[0]?.tokens ?? []);
      const value = this.#value(cursor);
      cursor.end();
      return value;
    });
  }

  /** `self.prefix`, or `self.spec.prefix`; the dependent is a spec. */
  #prefix(word: string, cursor: Cursor): readonly ValuePart[] {
    const prefixOf = word === this.#self ? "self" : word === this.#dependent ? "dependent" : fail();
    cursor.skip(".");
    let member = cursor.name();
    if (prefixOf === "self" && member === "spec") {
      cursor.skip(".");
      member = cursor.name();
    }
    if (member !== "prefix") throw new NotPlain();
    return [{ prefixOf }];
  }

  /** `.lib.pkgconfig` or `.join("x")` after a prefix (Spack: util/prefix.py, `Prefix`). */
  #below(cursor: Cursor): readonly ValuePart[] {
    const parts: ValuePart[] = [];
    while (cursor.has(".")) {
      const member = cursor.name();
      if (!cursor.is("(")) parts.push(`/${member}`);
      else if (member === "join") parts.push("/", ...relative(this.#joined(cursor)));
      else throw new NotPlain();
    }
    return parts;
  }

  /** The arguments of a function that joins paths. */
  #joined(cursor: Cursor): readonly ValuePart[] {
    cursor.skip("(");
    const parts = [...this.#value(cursor)];
    while (cursor.has(",") && !cursor.is(")")) {
      parts.push("/", ...relative(this.#value(cursor)));
    }
    cursor.skip(")");
    return parts;
  }
}

/** Reads tokens one after the other, and throws at unexpected ones. */
class Cursor {
  readonly tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  is(text: string): boolean {
    const token = this.tokens[this.#at];
    return token?.kind === "other" && token.text === text;
  }

  has(text: string): boolean {
    const found = this.is(text);
    if (found) this.#at += 1;
    return found;
  }

  hasName(word: string): boolean {
    const token = this.tokens[this.#at];
    const found = token?.kind === "name" && token.text === word;
    if (found) this.#at += 1;
    return found;
  }

  skip(text: string): void {
    if (!this.has(text)) throw new NotPlain();
  }

  /** A name; a digit may follow a letter in it. */
  name(): string {
    const token = this.tokens[this.#at];
    if (token?.kind !== "name") throw new NotPlain();
    this.#at += 1;
    return token.text;
  }

  /** Adjacent strings, which Python joins. */
  strings(): readonly Token[] {
    const start = this.#at;
    while (this.tokens[this.#at]?.kind === "string") this.#at += 1;
    return this.tokens.slice(start, this.#at);
  }

  literalIfAny(): string | undefined {
    const strings = this.strings();
    if (strings.some(({ isFormatted }) => isFormatted)) throw new NotPlain();
    return strings.length === 0 ? undefined : strings.map(({ text }) => text).join("");
  }

  end(): void {
    if (this.#at < this.tokens.length) throw new NotPlain();
  }
}

/** An absolute path would replace what is before it. */
function relative(path: readonly ValuePart[]): readonly ValuePart[] {
  const [first] = path;
  return typeof first === "string" && !first.startsWith("/") ? path : fail();
}

function opposite(condition: Condition | undefined): Condition {
  return condition === undefined ? fail() : { ...condition, holds: !condition.holds };
}

function fail(): never {
  throw new NotPlain();
}
