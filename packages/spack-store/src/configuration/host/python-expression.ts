// The small part of Python in which Spack's conditions (`when:` of an include or a definition) are written.
import { SpackOciError } from "@spack-oci/errors";

/** What a condition may talk about. */
export type PythonValue = string | number | boolean | null | PythonValue[] | ReadonlyMap<string, PythonValue>;

type Token = { readonly kind: "string" | "name" | "number" | "sign" | "end"; readonly text: string };

const TOKEN =
  /\s*(?:(?<string>[rub]?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))|(?<number>\d+)|(?<name>[A-Za-z_]\w*)|(?<sign>==|!=|<=|>=|[()[\],.<>]))/y;

/**
 * Evaluates a condition: comparisons, `in`, `and`, `or`, `not`, `env["X"]`, `env.get("X")`, `re.match` and
 * `re.search`, `startswith` and `endswith`, on strings, numbers, lists and the given names.
 *
 * Source: `lib/spack/spack/spec.py`, `eval_conditional`, which hands the text to Python.
 *
 * @throws {SpackOciError} `ERR_CONFIG_CONDITION` for anything else, or an unknown name or key.
 */
export function evaluateCondition(text: string, names: ReadonlyMap<string, PythonValue>): boolean {
  return isTruthy(new Evaluator(text, names).evaluate());
}

class Evaluator {
  readonly #text: string;
  readonly #names: ReadonlyMap<string, PythonValue>;
  readonly #tokens: Token[];

  constructor(text: string, names: ReadonlyMap<string, PythonValue>) {
    this.#text = text;
    this.#names = names;
    this.#tokens = this.#tokenize();
  }

  evaluate(): PythonValue {
    const value = this.#or();
    if (this.#peek().kind !== "end") throw this.#unsupported(`'${this.#peek().text}'`);
    return value;
  }

  #or(): PythonValue {
    let left = this.#and();
    while (this.#take("or")) {
      const right = this.#and();
      left = isTruthy(left) ? left : right;
    }
    return left;
  }

  #and(): PythonValue {
    let left = this.#not();
    while (this.#take("and")) {
      const right = this.#not();
      left = isTruthy(left) ? right : left;
    }
    return left;
  }

  #not(): PythonValue {
    return this.#take("not") ? !isTruthy(this.#not()) : this.#comparison();
  }

  #comparison(): PythonValue {
    let left = this.#postfix();
    let result = true;
    let compared = false;
    for (;;) {
      const operator = this.#operator();
      if (operator === undefined) return compared ? result : left;
      const right = this.#postfix();
      result &&= this.#compare(left, operator, right);
      left = right;
      compared = true;
    }
  }

  #operator(): string | undefined {
    for (const sign of ["==", "!=", "<=", ">=", "<", ">", "in"]) if (this.#take(sign)) return sign;
    if (this.#take("is")) return this.#take("not") ? "!=" : "==";
    if (this.#peek().text === "not" && this.#tokens[1]?.text === "in") {
      this.#tokens.splice(0, 2);
      return "not in";
    }
    return undefined;
  }

  #compare(left: PythonValue, operator: string, right: PythonValue): boolean {
    if (operator === "in") return this.#contains(right, left);
    if (operator === "not in") return !this.#contains(right, left);
    if (operator === "==") return left === right;
    if (operator === "!=") return left !== right;
    if (left === null || right === null || typeof left !== typeof right || typeof left === "object") {
      throw this.#unsupported(`the comparison ${operator}`);
    }
    if (operator === "<") return left < right;
    if (operator === ">") return left > right;
    return operator === "<=" ? left <= right : left >= right;
  }

  #contains(container: PythonValue, item: PythonValue): boolean {
    if (typeof container === "string" && typeof item === "string") return container.includes(item);
    if (Array.isArray(container)) return container.includes(item);
    if (container instanceof Map) return container.has(item);
    throw this.#unsupported("this use of 'in'");
  }

  #postfix(): PythonValue {
    if (this.#peek().text === "re" && this.#tokens[1]?.text === ".") return this.#regularExpression();
    let value = this.#atom();
    for (;;) {
      if (this.#take("[")) value = this.#subscript(value);
      else if (this.#take(".")) value = this.#method(value, this.#next().text);
      else return value;
    }
  }

  #regularExpression(): boolean {
    this.#tokens.splice(0, 2);
    const name = this.#next().text;
    const [pattern, text] = this.#call();
    if (typeof pattern !== "string" || typeof text !== "string") throw this.#unsupported(`re.${name}`);
    if (name === "search") return new RegExp(pattern, "u").test(text);
    if (name === "match") return new RegExp(`^(?:${pattern})`, "u").test(text);
    if (name === "fullmatch") return new RegExp(`^(?:${pattern})$`, "u").test(text);
    throw this.#unsupported(`re.${name}`);
  }

  #subscript(value: PythonValue): PythonValue {
    const index = this.#or();
    this.#expect("]");
    const found =
      value instanceof Map
        ? value.get(String(index))
        : Array.isArray(value)
          ? value[Number(index)]
          : undefined;
    if (found === undefined) throw this.#unsupported(`the missing key '${String(index)}'`);
    return found;
  }

  #method(value: PythonValue, name: string): PythonValue {
    const [first = null, second = null] = this.#call();
    if (value instanceof Map && name === "get") return value.get(String(first)) ?? second;
    if (typeof value === "string" && typeof first === "string") {
      if (name === "startswith") return value.startsWith(first);
      if (name === "endswith") return value.endsWith(first);
    }
    if (typeof value === "string" && name === "lower") return value.toLowerCase();
    if (typeof value === "string" && name === "upper") return value.toUpperCase();
    throw this.#unsupported(`.${name}()`);
  }

  #call(): PythonValue[] {
    this.#expect("(");
    return this.#items(")");
  }

  #items(end: string): PythonValue[] {
    const items: PythonValue[] = [];
    while (!this.#take(end)) {
      items.push(this.#or());
      if (!this.#take(",") && this.#peek().text !== end) throw this.#unsupported(`'${this.#peek().text}'`);
    }
    return items;
  }

  #atom(): PythonValue {
    const token = this.#next();
    if (token.kind === "string") return unquote(token.text);
    if (token.kind === "number") return Number(token.text);
    if (token.text === "(") {
      const items = this.#items(")");
      return items.length === 1 ? (items[0] ?? null) : items;
    }
    if (token.text === "[") return this.#items("]");
    const constant = { True: true, False: false, None: null }[token.text];
    if (constant !== undefined) return constant;
    const named = this.#names.get(token.text);
    if (token.kind !== "name" || named === undefined) throw this.#unsupported(`'${token.text}'`);
    return named;
  }

  #tokenize(): Token[] {
    const tokens: Token[] = [];
    const text = this.#text.trimEnd();
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const at = TOKEN.lastIndex;
      const groups = TOKEN.exec(text)?.groups ?? {};
      const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) ?? [];
      if (kind === undefined || found === undefined) throw this.#unsupported(`'${text.slice(at)}'`);
      tokens.push({ kind: kind as Token["kind"], text: found });
    }
    return tokens;
  }

  #peek(): Token {
    return this.#tokens[0] ?? { kind: "end", text: "" };
  }

  #next(): Token {
    return this.#tokens.shift() ?? { kind: "end", text: "the end" };
  }

  #take(text: string): boolean {
    const token = this.#peek();
    if (token.text !== text || (token.kind !== "name" && token.kind !== "sign")) return false;
    this.#tokens.shift();
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unsupported(`'${this.#peek().text}' in place of '${text}'`);
  }

  #unsupported(what: string): SpackOciError {
    return new SpackOciError(
      "ERR_CONFIG_CONDITION",
      `the condition \`${this.#text}\` cannot be evaluated: ${what}`,
      {
        kind: "unsupported",
        hint: "Conditions may compare platform, os, target, arch_str, hostname and env with strings.",
      },
    );
  }
}

function isTruthy(value: PythonValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value);
}

function unquote(literal: string): string {
  const isRaw = literal.startsWith("r");
  const body = literal.replace(/^[rub]?['"]/, "").slice(0, -1);
  return isRaw ? body : body.replace(/\\(['"\\])/g, "$1");
}
