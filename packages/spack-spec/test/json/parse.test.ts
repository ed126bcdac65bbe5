// The JSON reader keeps what the text says, and tells where a text is wrong.

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
  it("tells integers from floats", () => {
    expect(parseJson("[1, -0, 1.0, 1e2, 12345678901234567890]")).toEqual([
      1n,
      0n,
      1,
      100,
      12345678901234567890n,
    ]);
  });

  it("keeps the order of keys that look like integers, and takes the last of duplicates", () => {
    const value = parseJson('{"10":1,"9":2,"10":3}') as ReadonlyMap<string, unknown>;
    expect([...value]).toEqual([
      ["10", 3n],
      ["9", 2n],
    ]);
  });

  it("reads escapes, lone surrogates and the constants that Python writes", () => {
    expect(parseJson('["\\u00e9\\ud800\\/\\n", NaN, -Infinity, null, true]')).toEqual([
      "é\ud800/\n",
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      null,
      true,
    ]);
  });

  it("ignores what follows only if asked to", () => {
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
  ])("says where %j is wrong", (text, position) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: "ERR_JSON_SYNTAX", kind: "corrupt", place: "spec.json" });
    expect((error as Error).message).toContain(position);
  });

  it("does not follow values that are nested without end", () => {
    expect(errorOf("[".repeat(100_000))).toMatchObject({ code: "ERR_JSON_SYNTAX" });
  });
});
