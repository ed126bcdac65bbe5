// Names of members become paths only if they stay below the prefix.

import { describe, expect, it } from "vitest";
import { isWithin, normalizeMemberName, parentOf } from "../../src/tar/member-name.js";

describe("normalizeMemberName", () => {
  it.each([
    ["a", "a"],
    ["a/b", "a/b"],
    ["./a//b/./c/", "a/b/c"],
    ["a/..b/c..", "a/..b/c.."],
    ["a/...", "a/..."],
    ["a\\..\\b", "a\\..\\b"],
    ["line\nbreak", "line\nbreak"],
  ])("%j is %j", (name, normalized) => {
    expect(normalizeMemberName(name)).toBe(normalized);
  });

  it.each(["", ".", "./", "/", "/a", "//a", "..", "a/..", "a/../b", "../a", "./../a", "a\0b"])(
    "rejects %j",
    (name) => {
      expect(() => normalizeMemberName(name)).toThrow(
        expect.objectContaining({ code: "ERR_LAYER_ESCAPES", kind: "corrupt", place: name }),
      );
    },
  );
});

describe("isWithin", () => {
  it("compares whole components", () => {
    expect(isWithin("a/b", "a/b")).toBe(true);
    expect(isWithin("a/b/c", "a/b")).toBe(true);
    expect(isWithin("a/bc", "a/b")).toBe(false);
    expect(isWithin("a", "a/b")).toBe(false);
  });
});

describe("parentOf", () => {
  it("is empty for a single component", () => {
    expect(["a", "a/b", "a/b/c", "/a"].map(parentOf)).toEqual(["", "a", "a/b", ""]);
  });
});
