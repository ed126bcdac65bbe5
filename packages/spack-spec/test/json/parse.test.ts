// The JSON parser is lossless, and reports where a text is invalid.

import { isSpackOciError } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/json/parse.js";

function errorOf(text: string): unknown {
  try {
    return parseJson(text, { place: "spec.json" });
  } catch (error) {
    return error;
  }
}

describe("parseJson", () => {
  it("distinguishes integers from floats", () => {
    expect(parseJson("[1, -0, 1.0, 1e2, 12345678901234567890]")).toEqual([
      1n,
      0n,
      1,
      100,
      12345678901234567890n,
    ]);
  });

  it("keeps the order of integer-like keys, and the last of duplicates", () => {
    const value = parseJson('{"10":1,"9":2,"10":3}') as ReadonlyMap<string, unknown>;
    expect([...value]).toEqual([
      ["10", 3n],
      ["9", 2n],
    ]);
  });

  it("parses escapes, lone surrogates and Python's constants", () => {
    expect(parseJson('["\\u00e9\\ud800\\/\\n", NaN, -Infinity, null, true]')).toEqual([
      "é\ud800/\n",
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      null,
      true,
    ]);
  });

  it("allows trailing text only on request", () => {
    expect(parseJson("1 2", { allowTrailing: true })).toBe(1n);
    expect(isSpackOciError(errorOf("1 2"))).toBe(true);
  });

  it.each([
    ["", "line 1, column 1"],
    ["{", "line 1, column 2"],
    ['{"a":1,\n}', "line 2, column 1"],
    ["[1,]", "line 1, column 4"],
    ["[01]", "line 1, column 3"],
    ['"a\nb"', "line 1, column 3"],
    ['"\\x"', "line 1, column 3"],
    ['"\\u12g4"', "line 1, column 3"],
    ['"abc', "line 1, column 5"],
    ["nul", "line 1, column 1"],
    ["\ufeff1", "line 1, column 1"],
  ])("reports where %j is invalid", (text, position) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: "ERR_JSON_SYNTAX", kind: "corrupt", place: "spec.json" });
    expect((error as Error).message).toContain(position);
  });

  it("limits the digits of integers as Python does", () => {
    expect(parseJson("9".repeat(4300))).toBe(10n ** 4300n - 1n);
    expect(parseJson(`-${"9".repeat(4300)}`)).toBe(1n - 10n ** 4300n);
    expect(errorOf("9".repeat(4301))).toMatchObject({ code: "ERR_JSON_SYNTAX", kind: "corrupt" });
  });

  it("limits the depth of nesting", () => {
    expect(errorOf("[".repeat(100_000))).toMatchObject({ code: "ERR_JSON_SYNTAX" });
  });
});
