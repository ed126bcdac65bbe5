// The chunked search in text agrees with Spack's regular expression over whole files.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PrefixList } from "../../src/prefixes/prefix-list.js";
import { TextMatches } from "../../src/prefixes/text-matches.js";
import { prefixLists, textOver } from "../support/arbitraries.js";
import { cutAt, latin1 } from "../support/bytes.js";
import { modelTextMatches } from "../support/models.js";

function found(prefixes: readonly string[], chunks: readonly Buffer[]): [number, string][] {
  const search = new TextMatches(new PrefixList(prefixes.map(latin1)));
  const matches = [...chunks.flatMap((chunk) => search.push(chunk)), ...search.end()];
  return matches.map(({ position, prefix }) => [position, prefix.toString("latin1")]);
}

describe("TextMatches", () => {
  it.each([
    ["a plain path", "/opt/x", "=/opt/x/lib", [1]],
    ["after a slash it is blocked", "/opt", "//opt /opt", [6]],
    ["in the middle of a longer path it is blocked", "/opt", "/usr/opt", []],
    ["after a word without a slash it is found", "/opt", "-L/opt", [2]],
    ["after a word with a slash before it, it is blocked", "/opt", "/-L/opt", []],
    ["in a URL it is blocked", "/opt", "file:///opt", []],
    ["right after another one only the first is found", "/opt", "/opt/opt:/opt", [0, 9]],
    ["a letter beyond ASCII is not a word character", "/opt", "/\xe9/opt", [2]],
    ["a longer name is still a match", "/opt", "/opt-2", [0]],
    ["a backslash is not a word character", "/opt", "\\n/opt", [2]],
  ])("%s", (_, prefix, text, positions) => {
    expect(found([prefix], [latin1(text)]).map(([position]) => position)).toEqual(positions);
  });

  it("prefers the first prefix in the list over a longer one", () => {
    expect(found(["/a", "/a/b"], [latin1("/a/b")])).toEqual([[0, "/a"]]);
    expect(found(["/a/b", "/a"], [latin1("/a/b")])).toEqual([[0, "/a/b"]]);
  });

  it("finds the same for any single cut", () => {
    const prefixes = ["/s/sbang", "/s/o/p-1", "/s/o"];
    const text = latin1("x/s/o /s/o/p-1/lib:/s/o/p-12 word-_/s/o ///s/o\n/s/sbang/s/o é/s/s /s/o/p-\0/s/o");
    const expected = modelTextMatches(prefixes, text);
    expect(expected.length).toBeGreaterThan(5);
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        const chunks = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)];
        expect(found(prefixes, chunks)).toEqual(expected);
      }
    }
  });

  it("finds what Spack's regular expression finds, in chunks of any size", () => {
    fc.assert(
      fc.property(
        prefixLists.chain((prefixes) =>
          fc.tuple(fc.constant(prefixes), textOver(prefixes), fc.array(fc.nat(400), { maxLength: 12 })),
        ),
        ([prefixes, text, cuts]) => {
          expect(found(prefixes, cutAt(text, cuts))).toEqual(modelTextMatches(prefixes, text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("finds the same byte by byte", () => {
    fc.assert(
      fc.property(
        prefixLists.chain((prefixes) => fc.tuple(fc.constant(prefixes), textOver(prefixes))),
        ([prefixes, text]) => {
          const bytes = Array.from(text, (_, index) => text.subarray(index, index + 1));
          expect(found(prefixes, bytes)).toEqual(modelTextMatches(prefixes, text));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
