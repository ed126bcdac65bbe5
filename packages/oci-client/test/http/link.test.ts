// Link headers in all the spellings that registries use.

import fc from "fast-check";
import { expect, test } from "vitest";
import { parseContentRange, parseUploadedRange } from "../../src/http/content-range.js";
import { nextLink } from "../../src/http/link.js";

test.each([
  ['</v2/a/tags/list?n=2&last=b>; rel="next"', "/v2/a/tags/list?n=2&last=b"],
  ["</v2/a?x>;rel=next", "/v2/a?x"],
  ['<https://h/x>; title="a, b"; REL="prev next"', "https://h/x"],
  ['</first>; rel="first", </second>; rel="next"', "/second"],
  ["</a,b>; rel=next", "/a,b"],
  ['</a>; rel="prev"', undefined],
  ["", undefined],
  [undefined, undefined],
])("%s", (header, target) => {
  expect(nextLink(header)).toBe(target);
});

test.each(["nonsense", "/v2/a; rel=next", "</a", "</a>", "</a>; title=x", '</a>; rel="prev", nonsense'])(
  "%s is an error, because it may have been the next page",
  (header) => {
    expect(() => nextLink(header)).toThrow(TypeError);
  },
);

test("ends on any text", () => {
  const isHandled = (text: string): boolean => {
    try {
      return ["string", "undefined"].includes(typeof nextLink(text));
    } catch (error) {
      return error instanceof TypeError;
    }
  };
  fc.assert(fc.property(fc.string(), isHandled));
  expect(isHandled(`<a>${";a=b".repeat(20_000)}"`)).toBe(true);
  expect(isHandled("<".repeat(1_000_000))).toBe(true);
});

test("lesson 27: ranges with and without a unit", () => {
  expect([
    parseContentRange("bytes 5-9/10"),
    parseContentRange("5-9"),
    parseContentRange("bytes=5-9/*"),
  ]).toEqual([5, 5, 5]);
  expect([parseContentRange("bytes */10"), parseContentRange(undefined), parseContentRange("x")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect([parseUploadedRange("0-99"), parseUploadedRange("bytes=0-99"), parseUploadedRange("50-99")]).toEqual(
    [100, 100, undefined],
  );
});
