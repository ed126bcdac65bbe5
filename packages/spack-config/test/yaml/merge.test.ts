// Compares merging with a simple model, for random mappings and lists.

import fc from "fast-check";
import { expect, it } from "vitest";
import { loadYaml } from "../../src/yaml/load.js";
import { mergeValues } from "../../src/yaml/merge.js";
import { toPlain } from "../../src/yaml/value.js";

type Data = string | number | null | Data[] | { readonly [key: string]: Data };

const keys = fc.constantFrom("a", "b", "c", "d");
const { data } = fc.letrec<{ data: Data }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("x", "y", 1, 2, null),
    fc.array(tie("data"), { maxLength: 3 }),
    fc.dictionary(keys, tie("data"), { maxKeys: 3 }),
  ),
}));

/** What the documentation of Spack promises, without any thought of speed or of places. */
function model(weaker: Data, stronger: Data): Data {
  if (Array.isArray(weaker) && Array.isArray(stronger)) {
    const strong = stronger.map(canonical);
    return [...stronger, ...weaker.filter((item) => !strong.includes(canonical(item)))];
  }
  if (isMapping(weaker) && isMapping(stronger)) {
    const merged: Record<string, Data> = {};
    for (const [key, value] of Object.entries(stronger)) {
      const below = weaker[key];
      merged[key] = below === undefined ? value : model(below, value);
    }
    for (const [key, value] of Object.entries(weaker)) merged[key] ??= key in stronger ? null : value;
    return merged;
  }
  return stronger;
}

function isMapping(value: Data): value is { readonly [key: string]: Data } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal mappings have equal texts, whatever the order of their keys. */
function canonical(value: Data): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isMapping(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${key}:${canonical(value[key] ?? null)}`)
    .join()}}`;
}

it("merges as the model does, keys in the same order", () => {
  fc.assert(
    fc.property(data, data, (weaker, stronger) => {
      const [below, above, expected] = [{ s: weaker }, { s: stronger }, { s: model(weaker, stronger) }].map(
        (each) => loadYaml(JSON.stringify(each), "f.yaml"),
      );
      if (below === undefined || above === undefined || expected === undefined) throw new Error("no data");
      expect(inOrder(toPlain(mergeValues(below, above)))).toEqual(inOrder(toPlain(expected)));
    }),
  );
});

it("replaces what is below a key with two colons", () => {
  const below = loadYaml("a: {x: 1}\nb: [1]\n", "below");
  const above = loadYaml("a:: {y: 2}\nb:: [2]\n", "above");
  if (below === undefined || above === undefined) throw new Error("no data");
  expect(toPlain(mergeValues(below, above))).toEqual(
    new Map<string, unknown>([
      ["a", new Map([["y", 2]])],
      ["b", [2]],
    ]),
  );
});

function inOrder(value: unknown): unknown {
  if (value instanceof Map) return { entries: [...value].map(([key, inside]) => [key, inOrder(inside)]) };
  return Array.isArray(value) ? value.map(inOrder) : value;
}

it("drops entries of a weaker list that are in the stronger one, in any order of keys", () => {
  const below = loadYaml("- {a: 1, b: [x, {c: d}]}\n- [1, 2]\n- 1\n- [1, 3]\n", "below");
  const above = loadYaml("- {b: [x, {c: d}], a: 1.0}\n- [1, 2]\n- true\n", "above");
  if (below === undefined || above === undefined) throw new Error("no data");
  const merged = mergeValues(below, above);
  expect(merged.kind === "list" && merged.items.length).toBe(4);
});
