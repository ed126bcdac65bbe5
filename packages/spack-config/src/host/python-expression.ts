// Evaluates Spack's conditions (`when:` of an include or a definition), a small subset of Python.

import { PythonTokens } from "./python-tokens.js";
import { callMethod, compare, isTruthy, matchPattern, type PythonValue } from "./python-value.js";

type Names = ReadonlyMap<string, PythonValue>;

/**
 * Evaluates a condition: comparisons, `in`, `and`, `or`, `not`, `env["X"]`, `env.get("X")`, `re.match` and `re.search`,
 * `startswith` and `endswith`, on strings, numbers, lists and the given names.
 *
 * Source: `lib/spack/spack/spec.py`, `eval_conditional`, which evaluates the text in Python.
 *
 * @throws SpackOciError `ERR_CONFIG_CONDITION` for any other expression, and unknown names and keys.
 */
export function evaluateCondition(text: string, names: Names): boolean {
  const evaluator = new Evaluator(new PythonTokens(text), names);
  return isTruthy(evaluator.evaluate());
}

/** One method for each level of precedence, the weakest first. */
class Evaluator {
  readonly #tokens: PythonTokens;
  readonly #names: Names;

  constructor(tokens: PythonTokens, names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  evaluate(): PythonValue {
    const value = this.#or();
    if (this.#tokens.next.kind !== "end") throw this.#tokens.unsupported(`'${this.#tokens.next.text}'`);
    return value;
  }

  #or(): PythonValue {
    let left = this.#and();
    while (this.#tokens.take("or")) {
      const right = this.#and();
      left = isTruthy(left) ? left : right;
    }
    return left;
  }

  #and(): PythonValue {
    let left = this.#not();
    while (this.#tokens.take("and")) {
      const right = this.#not();
      left = isTruthy(left) ? right : left;
    }
    return left;
  }

  #not(): PythonValue {
    return this.#tokens.take("not") ? !isTruthy(this.#not()) : this.#comparison();
  }

  /** `a < b < c` is true if both comparisons are. */
  #comparison(): PythonValue {
    let left = this.#postfix();
    let result: boolean | undefined;
    for (let operator = this.#operator(); operator !== undefined; operator = this.#operator()) {
      const right = this.#postfix();
      const holds = this.#supported(compare(left, operator, right), `this use of '${operator}'`);
      result = (result ?? true) && holds;
      left = right;
    }
    return result ?? left;
  }

  #operator(): string | undefined {
    if (this.#tokens.take("not", "in")) return "not in";
    if (this.#tokens.take("is", "not")) return "!=";
    if (this.#tokens.take("is")) return "==";
    return ["==", "!=", "<=", ">=", "<", ">", "in"].find((sign) => this.#tokens.take(sign));
  }

  #postfix(): PythonValue {
    if (this.#tokens.take("re", ".")) {
      const name = this.#tokens.shift().text;
      return this.#supported(matchPattern(name, this.#call()), `re.${name}`);
    }
    let value = this.#atom();
    for (;;) {
      if (this.#tokens.take("[")) value = this.#subscript(value);
      else if (this.#tokens.take(".")) {
        const name = this.#tokens.shift().text;
        value = this.#supported(callMethod(value, name, this.#call()), `.${name}()`);
      } else return value;
    }
  }

  #subscript(value: PythonValue): PythonValue {
    const index = this.#or();
    this.#tokens.expect("]");
    const found =
      value instanceof Map
        ? value.get(String(index))
        : Array.isArray(value)
          ? value[Number(index)]
          : undefined;
    return this.#supported(found, `the missing key '${String(index)}'`);
  }

  #call(): PythonValue[] {
    this.#tokens.expect("(");
    return this.#items(")");
  }

  #items(end: string): PythonValue[] {
    const items: PythonValue[] = [];
    while (!this.#tokens.take(end)) {
      items.push(this.#or());
      const { text } = this.#tokens.next;
      if (!this.#tokens.take(",") && text !== end) throw this.#tokens.unsupported(`'${text}'`);
    }
    return items;
  }

  #atom(): PythonValue {
    const { kind, text } = this.#tokens.shift();
    if (kind === "string") return unquote(text);
    if (kind === "number") return Number(text);
    if (text === "[") return this.#items("]");
    if (text === "(") {
      const items = this.#items(")");
      return items.length === 1 ? (items[0] ?? null) : items;
    }
    const constant = { True: true, False: false, None: null }[text];
    if (constant !== undefined) return constant;
    return this.#supported(kind === "name" ? this.#names.get(text) : undefined, `'${text}'`);
  }

  #supported<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw this.#tokens.unsupported(what);
    return value;
  }
}

function unquote(literal: string): string {
  const isRaw = literal.startsWith("r");
  const body = literal.replace(/^[rub]?['"]/, "").slice(0, -1);
  return isRaw ? body : body.replace(/\\(['"\\])/g, "$1");
}
