// Colors, quotes and Python's representations of values.

import { describe, expect, it } from "vitest";
import { colify } from "../../src/find/colify.js";
import { colorize, escapeColor, visibleLength } from "../../src/text/color.js";
import { compareCodePoints, compareSequences } from "../../src/text/compare.js";
import { pythonRepr, pythonTuple } from "../../src/text/python-text.js";
import { quoteIfNeeded, stripQuotes } from "../../src/text/quote.js";

describe("colorize", () => {
  it.each([
    ["@c{text}", "text", "\u001b[0;36mtext\u001b[0m"],
    ["@*G{a}b@.", "ab", "\u001b[1;92ma\u001b[0mb\u001b[0m"],
    ["a@@b}}", "a@b}", "a@b}"],
  ])("%s", (text, plain, colored) => {
    expect([colorize(text, false), colorize(text, true)]).toEqual([plain, colored]);
    expect(visibleLength(colored)).toBe([...plain].length);
  });

  it("restores escaped text", () => {
    expect(colorize(escapeColor("a@b}c"), true)).toBe("a@b}c");
  });
});

it.each([
  ["bare-1.0", "bare-1.0"],
  ["-O1 -g", "'-O1 -g'"],
  ["it's", '"it\'s"'],
])("quotes %s as %s", (value, quoted) => {
  expect(quoteIfNeeded(value)).toBe(quoted);
  expect(stripQuotes(quoted)).toBe(value);
});

it("prints values like Python", () => {
  expect(pythonRepr([null, true, 2n, 2, "it's", new Map([["k", "v"]])])).toBe(
    "[None, True, 2, 2.0, \"it's\", {'k': 'v'}]",
  );
  expect([pythonTuple(["a"]), pythonTuple(["a", "b"])]).toEqual(["('a',)", "('a', 'b')"]);
});

it("compares like Python", () => {
  expect(compareCodePoints("\u{ff5e}", "\u{10000}")).toBeLessThan(0);
  expect(compareSequences([1, 2], [1], (a, b) => a - b)).toBeGreaterThan(0);
  expect(compareSequences([1, 2], [1, 3], (a, b) => a - b)).toBeLessThan(0);
});

it("fills columns from top to bottom", () => {
  const texts = ["a", "bb", "ccc", "d", "e"];
  expect(colify(texts, 12)).toBe("a   ccc  e\nbb  d\n");
  expect(colify(texts, undefined, 2)).toBe("  a\n  bb\n  ccc\n  d\n  e\n");
});
