// Spack's YAML: how it differs from plain YAML, and errors with file and line.

import { describe, expect, it } from "vitest";
import { loadYaml } from "../../src/yaml/load.js";
import { type ConfigValue, child, toPlain } from "../../src/yaml/value.js";

function load(text: string): ConfigValue {
  const value = loadYaml(text, "f.yaml");
  if (value === undefined) throw new Error("no data");
  return value;
}

describe("types", () => {
  it.each([
    ["no", "no"],
    ["017", 17],
    ["0o17", 15],
    ["0b11", 3],
    ["1_000", 1000],
    ["0x1F", 31],
    ["-012", -12],
    ["3.30", 3.3],
    ["1e3", 1000],
    ["1:30", "1:30"],
    ["~", null],
    ["'1'", "1"],
    ["!!str 5", "5"],
    ["True", true],
  ])("reads %s like Spack", (text, value) => {
    expect(toPlain(load(`a: ${text}`))).toEqual(new Map([["a", value]]));
  });

  it("distinguishes floats and dates from integers and strings", () => {
    const value = load("a: 4.0\nb: 2020-01-01\nc: 4\n");
    const types = ["a", "b", "c"]
      .map((key) => child(value, key))
      .map((each) => each?.kind === "scalar" && each.type);
    expect(types).toEqual(["float", "other", "integer"]);
  });
});

describe("colons", () => {
  it("removes a colon at the end of a string, and lets a key with one override", () => {
    const value = load("a:: 'x:'\nb: 'p@1:'\n");
    expect(toPlain(value)).toEqual(
      new Map([
        ["a", "x"],
        ["b", "p@1:"],
      ]),
    );
    expect(value.kind === "map" && value.entries.get("a")?.key.override).toBe(true);
    expect(value.kind === "map" && value.entries.get("b")?.key.override).toBe(false);
  });

  it("reads a colon before a bracket as part of a string", () => {
    expect(toPlain(load("a: [gcc@3:, clang@4:]"))).toEqual(new Map([["a", ["gcc@3:", "clang@4:"]]]));
    expect(toPlain(load("a: [b: , c: d]"))).toEqual(
      new Map([["a", [new Map([["b", null]]), new Map([["c", "d"]])]]]),
    );
  });
});

describe("YAML that only a strict parser rejects", () => {
  it.each([
    ["config: {\na: 1\n}\n", { config: { a: 1 } }],
    ["config:\n  a: [\n  x,\n  y\n  ]\n", { config: { a: ["x", "y"] } }],
    ["config:\n  a: [x,\ny]\n  b: z\n", { config: { a: ["x", "y"], b: "z" } }],
    ["config:\n  a: 'q\n  c'\n", { config: { a: "q c" } }],
    ['config:\n  a: "q\nc"\n  b: [d]\n', { config: { a: "q c", b: ["d"] } }],
    ["config:\n  a: [{b: c:}, d]\n", { config: { a: [{ b: "c" }, "d"] } }],
    ["config:\n  a: {b: c@1:, d: http://e:80/f:}\n", { config: { a: { b: "c@1:", d: "http://e:80/f" } } }],
    ["config:\n  a: [b: it's:]\n  c: x [y # {\n", { config: { a: [{ b: "it's" }], c: "x [y" } }],
    ["a: [\nx]\nb: |\n  it's [\n\n   {\nc: [\ny]\n", { a: ["x"], b: "it's [\n\n {\n", c: ["y"] }],
    ["a:\n- &s |2 # '\n  'x\n- d: >-\n   {y\n  e: [\n1, 2]\n", { a: ["'x\n", { d: "{y", e: [1, 2] }] }],
    ["a:\n  |\n  [x\nb: [\ny]\n", { a: "[x\n", b: ["y"] }],
  ])("reads %j", (text, expected) => {
    expect(toPlain(load(text))).toEqual(toPlain(load(JSON.stringify(expected))));
  });

  it("keeps the lines", () => {
    const value = load("a: [\nx,\n\ny:\n, z]\nb: c\n");
    const list = child(value, "a");
    expect(list?.kind === "list" && list.items.map(({ mark }) => mark?.line)).toEqual([2, 4, 5]);
    expect(child(value, "b")?.mark?.line).toBe(6);
  });
});

it("records the line of each key and value", () => {
  const value = load("# comment\na:\n  b: x\n  c:\n    y\n");
  const inner = child(value, "a");
  expect(inner?.mark).toEqual({ file: "f.yaml", line: 3 });
  expect(inner?.kind === "map" && inner.entries.get("c")?.key.mark?.line).toBe(4);
  expect(child(inner, "c")?.mark?.line).toBe(5);
});

it("keeps the order of keys that look like integers", () => {
  const value = load("'10': a\n'2': b\n");
  expect(value.kind === "map" && [...value.entries.keys()]).toEqual(["10", "2"]);
});

it("shares values of aliases, and merges <<", () => {
  const value = load("a: &x {p: 1, q: 2}\nb: *x\nc:\n  <<: *x\n  p: 3\n");
  expect(child(value, "b")).toBe(child(value, "a"));
  expect(toPlain(child(value, "c") as ConfigValue)).toEqual(
    new Map([
      ["p", 3],
      ["q", 2],
    ]),
  );
});

it.each(["", "---\n", "# nothing\n", "null\n"])("finds nothing in %j", (text) => {
  expect(loadYaml(text, "f.yaml")).toBeUndefined();
});

it.each([
  ["a: 1\na: 2\n", "f.yaml:2"],
  ["a: 1\na:: 2\n", "f.yaml:2"],
  ["a:\n\tb: 1\n", "f.yaml:2"],
  ["a: [1\n", "f.yaml:2"],
  ["a: @x\n", "f.yaml:1"],
  ["a: 1\n---\nb: 2\n", "f.yaml"],
  ["a: *x\n", "f.yaml"],
  ["a: &x [*x]\n", "f.yaml"],
  ["[a]: 1\n", "f.yaml:1"],
  ["a: \u0001\n", "f.yaml"],
])("rejects %j", (text, place) => {
  expect(() => loadYaml(text, "f.yaml")).toThrow(expect.objectContaining({ code: "ERR_CONFIG_FILE", place }));
});
