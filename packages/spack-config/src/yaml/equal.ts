// Compares configured values: list entries of a weaker scope that a stronger one repeats are dropped.

import type { ConfigValue } from "./value.js";

/** Equality as in Python: the order of keys does not matter, and `True == 1 == 1.0`. */
export function equalValues(a: ConfigValue, b: ConfigValue): boolean {
  if (a.kind === "scalar" && b.kind === "scalar") return comparable(a.value) === comparable(b.value);
  if (a.kind === "list" && b.kind === "list") {
    return (
      a.items.length === b.items.length &&
      a.items.every((item, index) => {
        const other = b.items[index];
        return other !== undefined && equalValues(item, other);
      })
    );
  }
  if (a.kind === "map" && b.kind === "map") {
    return (
      a.entries.size === b.entries.size &&
      [...a.entries].every(([text, { value }]) => {
        const other = b.entries.get(text)?.value;
        return other !== undefined && equalValues(value, other);
      })
    );
  }
  return false;
}

function comparable(value: string | number | boolean | null): string | number | null {
  return typeof value === "boolean" ? Number(value) : value;
}
