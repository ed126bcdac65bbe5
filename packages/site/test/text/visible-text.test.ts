// Text shows what it holds, and ends.

import fc from "fast-check";
import { expect, it } from "vitest";
import { visibleText } from "../../src/text/visible-text.js";

it.each([
  ["zlib ünï 日本", "zlib ünï 日本"],
  ["a\u202Eb\u2066c\u200D", "a<U+202E>b<U+2066>c<U+200D>"],
  ["\u0000\u001B[31m\u0085", "<U+0000><U+001B>[31m<U+0085>"],
  ["\u{E0041}", "<U+E0041>"],
  ["a\tb\nc", "a\tb\nc"],
  ["half \uD83D", "half \uFFFD"],
])("%j", (text, expected) => {
  expect(visibleText(text)).toBe(expected);
});

it("shortens what is long", () => {
  expect(visibleText("x".repeat(1_000_000), 5)).toBe("xxxxx… (1,000,000 characters)");
  expect(visibleText("xxxxx", 5)).toBe("xxxxx");
});

it("never holds anything that could reorder or hide text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(visibleText(text)).not.toMatch(/(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});
