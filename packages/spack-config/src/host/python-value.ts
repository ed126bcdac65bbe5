// Values in conditions, with Python's semantics.

/** A value in a condition. */
export type PythonValue = string | number | boolean | null | PythonValue[] | ReadonlyMap<string, PythonValue>;

/** Python's `bool(value)`. */
export function isTruthy(value: PythonValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value);
}

/** The result of a comparison such as `==` or `not in`; undefined if it is not supported for these values. */
export function compare(left: PythonValue, operator: string, right: PythonValue): boolean | undefined {
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case "in":
      return contains(right, left);
    case "not in": {
      const found = contains(right, left);
      return found === undefined ? undefined : !found;
    }
    default:
      return compareOrder(left, operator, right);
  }
}

/** The result of a method of `value`; undefined if it is not supported. */
export function callMethod(
  value: PythonValue,
  name: string,
  [first = null, second = null]: readonly PythonValue[],
) {
  if (value instanceof Map && name === "get") return value.get(String(first)) ?? second;
  if (typeof value !== "string") return undefined;
  if (name === "lower") return value.toLowerCase();
  if (name === "upper") return value.toUpperCase();
  if (typeof first !== "string") return undefined;
  if (name === "startswith") return value.startsWith(first);
  return name === "endswith" ? value.endsWith(first) : undefined;
}

/** The result of a function of Python's module `re`; undefined if it is not supported. */
export function matchPattern(name: string, [pattern, text]: readonly PythonValue[]): boolean | undefined {
  if (typeof pattern !== "string" || typeof text !== "string") return undefined;
  const source = { search: pattern, match: `^(?:${pattern})`, fullmatch: `^(?:${pattern})$` }[name];
  // Alone first: "a)|(b" is only a pattern because of what surrounds it.
  return source === undefined ? undefined : compiled(pattern) && compiled(source)?.test(text);
}

/** Undefined for a pattern that is malformed, or that only Python understands. */
function compiled(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined; // the caller reports the condition
  }
}

function contains(container: PythonValue, item: PythonValue): boolean | undefined {
  if (typeof container === "string" && typeof item === "string") return container.includes(item);
  if (Array.isArray(container)) return container.includes(item);
  return container instanceof Map ? container.has(String(item)) : undefined;
}

function compareOrder(left: PythonValue, operator: string, right: PythonValue): boolean | undefined {
  const isNumbers = typeof left === "number" && typeof right === "number";
  const isStrings = typeof left === "string" && typeof right === "string";
  if (!isNumbers && !isStrings) return undefined;
  if (operator === "<") return left < right;
  if (operator === ">") return left > right;
  return operator === "<=" ? left <= right : left >= right;
}
