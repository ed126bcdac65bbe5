// Versions compare and satisfy each other as in Spack (queries.json).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCodePoints } from "../../src/text/compare.js";
import { compareVersions, equalVersions } from "../../src/versions/order.js";
import { parseVersion, parseVersionList } from "../../src/versions/parse-version.js";
import { formatVersionList, versionListSatisfies } from "../../src/versions/version-list.js";
import { readOracle } from "../support/oracle.js";

const oracle = readOracle("queries.json");

describe("order", () => {
  const order: string[] = oracle.version_order;
  it.each(order.map((text, index) => [text, index] as const))("%s has its position", (text, index) => {
    for (const [other, otherText] of order.entries()) {
      const sign =
        compareVersions(parseVersion(text), parseVersion(otherText)) || compareCodePoints(text, otherText);
      expect([otherText, Math.sign(sign)]).toEqual([otherText, Math.sign(index - other)]);
    }
  });

  const equal: [string, string][] = oracle.version_equal;
  it.each(equal)("%s equals %s", (left, right) => {
    expect(equalVersions(parseVersion(left), parseVersion(right))).toBe(true);
  });
});

describe("satisfies", () => {
  it.each(oracle.version_satisfies as { version: string; range: string; satisfies: boolean }[])(
    "$version satisfies $range: $satisfies",
    ({ version, range, satisfies }) => {
      expect(versionListSatisfies([parseVersion(version)], parseVersionList(range))).toBe(satisfies);
    },
  );
});

describe("errors", () => {
  it.each(oracle.version_errors as { version: string; message: string }[])(
    "$version",
    ({ version, message }) => {
      expect(() => parseVersion(version)).toThrow(expect.objectContaining({ code: "ERR_VERSION", message }));
    },
  );
});

describe("lists", () => {
  it.each([
    ["1,2", "1:2"],
    ["1.2:1.4,1.3,2", "1.2:1.4,2"],
    ["3:,:1", ":1,3:"],
    ["=1.2,1.2", "1.2"],
    ["1.2,=1.2", "1.2"],
    ["=1.2,git.main=1.2", "=1.2,git.main=1.2"],
    [":,1.2", ":"],
    ["2,1,3", "1:3"],
    ["main,develop", "main:develop"],
  ])("%s is written %s", (text, written) => {
    expect(formatVersionList(parseVersionList(text))).toBe(written);
  });

  it("rejects a range that ends before it begins", () => {
    expect(() => parseVersionList("3:1")).toThrow(expect.objectContaining({ code: "ERR_VERSION_RANGE" }));
  });
});

describe("any versions", () => {
  const part = fc.constantFrom(
    "1",
    "2",
    "10",
    "01",
    "a",
    "rc",
    "rc1",
    "beta",
    "main",
    "develop",
    "z",
    "9".repeat(30),
  );
  const version = fc
    .array(fc.tuple(part, fc.constantFrom("", ".", "-", "_")), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.flat().join(""))
    .filter((text) => !text.startsWith("-"));

  it("have one order", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const compare = (left: string, right: string) =>
          Math.sign(compareVersions(parseVersion(left), parseVersion(right)));
        expect(compare(a, b)).toBe(0 - compare(b, a));
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("are in the ranges that begin or end with them, and not in lists without them", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const inside = (text: string) => versionListSatisfies([parseVersion(a)], parseVersionList(text));
        expect([inside(a), inside(`=${a}`), inside(`${a}:`), inside(`:${a}`)]).toEqual([
          true,
          true,
          true,
          true,
        ]);
        expect(inside(`=${b}`)).toBe(equalVersions(parseVersion(a), parseVersion(b)));
      }),
    );
  });

  it("round-trip in lists", () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 4 }), (versions) => {
        const written = formatVersionList(parseVersionList(versions.map((text) => `=${text}`).join(",")));
        expect(formatVersionList(parseVersionList(written))).toBe(written);
      }),
    );
  });
});
