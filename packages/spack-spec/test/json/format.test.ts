// JSON is parsed and formatted like in Python.

import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIndentedJson, formatJson } from "../../src/json/format.js";
import { parseJson } from "../../src/json/parse.js";
import type { Json } from "../../src/json/value.js";

const python = spawnSync("python3", ["-c", "import json"]).status === 0 ? "python3" : undefined;
if (python === undefined) console.log("skipped: comparison of JSON with Python (no python3)");

const text = fc.string({ unit: "binary", maxLength: 8 });

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false),
    text,
    fc.bigInt(),
    fc.double(),
    fc.array(tie("json"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(text, fc.nat(20).map(String)), tie("json")), { maxLength: 4 })
      .map((members) => {
        return new Map(members);
      }),
  ),
}));

describe("formatJson", () => {
  it.each<[Json, string]>([
    [1n, "1"],
    [123456789012345678901234567890n, "123456789012345678901234567890"],
    [1, "1.0"],
    [-0, "-0.0"],
    [1e22, "1e+22"],
    [1e16, "1e+16"],
    [9999999999999998, "9999999999999998.0"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [1763826331.8041604, "1763826331.8041604"],
    ["\u007f\u0080é\u2028", '"\\u007f\\u0080\\u00e9\\u2028"'],
    ["\ud834\udd1e\ud800x", '"\\ud834\\udd1e\\ud800x"'],
    ['\b\f\n\r\t\0"\\/', '"\\b\\f\\n\\r\\t\\u0000\\"\\\\/"'],
    [
      new Map<string, Json>([
        ["10", 1n],
        ["9", []],
        ["a", new Map()],
      ]),
      '{"10":1,"9":[],"a":{}}',
    ],
  ])("formats %o like Python", (value, expected) => {
    expect(formatJson(value)).toBe(expected);
  });

  it("round-trips", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(parseJson(formatJson(value))).toEqual(value);
        expect(parseJson(formatIndentedJson(value))).toEqual(value);
      }),
    );
  });

  it.skipIf(python === undefined)("formats any value exactly like Python, compact and indented", () => {
    const script = `
import json, sys
for line in sys.stdin:
    value = json.loads(line)
    print(json.dumps([json.dumps(value, separators=(",", ":")), json.dumps(value, indent=2, separators=(",", ": "))]))
`;
    const values = fc.sample(json, 500);
    const input = values.map((value) => `${formatJson(value)}\n`).join("");
    const run = spawnSync(python as string, ["-c", script], { input, encoding: "utf8" });
    const lines = run.stdout.trimEnd().split("\n");
    const expected = lines.map((line) => JSON.parse(line) as unknown);
    expect(values.map((value) => [formatJson(value), formatIndentedJson(value)])).toEqual(expected);
  });
});
