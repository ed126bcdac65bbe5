// Evaluates the part of GitHub's expression language that this project's workflows use; anything else fails.

/** What names in expressions refer to; functions are checked by name. */
export interface ExpressionScope {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly status: "success" | "failure";
}

/** Replaces every `${{ }}` in a text; a text that is a single expression keeps its type. */
export function interpolate(text: unknown, scope: ExpressionScope): unknown {
  if (typeof text !== "string") return text;
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text.trim());
  if (whole?.[1] !== undefined) return evaluate(whole[1], scope);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, source: string) => toText(evaluate(source, scope)));
}

/** Evaluates an `if:`, which means `success() && ...` unless it asks for the status itself. */
export function condition(source: unknown, scope: ExpressionScope): boolean {
  const text = String(source ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asks = /\b(success|failure|always|cancelled)\s*\(/.test(text);
  return (asks || scope.status === "success") && Boolean(evaluate(text, scope));
}

/** As GitHub converts values to strings. */
export function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function evaluate(source: string, scope: ExpressionScope): unknown {
  const tokens = source.match(/'(?:[^']|'')*'|[\w-]+|&&|\|\||==|!=|[!.,()[\]]|\S/g) ?? [];
  let at = 0;
  const value = or();
  if (at < tokens.length) throw unknown(tokens[at]);
  return value;

  function takes(token: string): boolean {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  }
  function expects(token: string): void {
    if (!takes(token)) throw unknown(tokens[at]);
  }
  function unknown(what: unknown): Error {
    return new Error(`the expression \${{${source}}} has an unknown part: ${what}`);
  }
  function or(): unknown {
    let left = and();
    while (takes("||")) {
      const right = and();
      left = left || right;
    }
    return left;
  }
  function and(): unknown {
    let left = comparison();
    while (takes("&&")) {
      const right = comparison();
      left = left && right;
    }
    return left;
  }
  function comparison(): unknown {
    const left = unary();
    if (takes("==")) return left === unary();
    if (takes("!=")) return left !== unary();
    return left;
  }
  function unary(): unknown {
    return takes("!") ? !unary() : primary();
  }
  function primary(): unknown {
    if (takes("(")) {
      const inner = or();
      expects(")");
      return inner;
    }
    const token = tokens[at] ?? "";
    at += 1;
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === "true" || token === "false") return token === "true";
    if (takes("(")) return call(token);
    if (!Object.hasOwn(scope.contexts, token)) throw unknown(token);
    return members(scope.contexts[token]);
  }
  function members(context: unknown): unknown {
    let value = context;
    while (takes(".")) {
      const name = tokens[at] ?? "";
      at += 1;
      value = (value as Record<string, unknown> | undefined)?.[name];
    }
    return value ?? "";
  }
  function call(name: string): unknown {
    const args: unknown[] = [];
    while (!takes(")")) {
      args.push(or());
      if (tokens[at] !== ")") expects(",");
    }
    const [first] = args;
    if (name === "toJSON") return JSON.stringify(first, undefined, 2);
    if (name === "fromJSON") return JSON.parse(toText(first));
    if (name === "always") return true;
    if (name === "cancelled") return false;
    if (name === "success" || name === "failure") return scope.status === name;
    throw unknown(name);
  }
}
