// Padding is that of Spack, character for character.
import { describe, expect, it } from "vitest";
import { addPadding, filterPadding, systemPaddedLength, withoutPadding } from "../../src/store/padding.js";
import { readJsonFixture } from "../support/fixtures.js";

const oracle = readJsonFixture<{
  add_padding: readonly { root: string; length: number; padded: string }[];
  padding_filter: readonly { string: string; filtered: string }[];
}>("oracles/padding.json");

describe("addPadding", () => {
  it.each(oracle.add_padding)("pads $root to $length", ({ root, length, padded }) => {
    expect(addPadding(root, length)).toBe(padded);
  });

  it("is undone by withoutPadding where a whole placeholder shows", () => {
    for (const { root, length, padded } of oracle.add_padding) {
      const plain = root.replace(/(.)\/$/, "$1");
      if (root !== "" && !root.includes("placeholder") && length - root.length > 27)
        expect(withoutPadding(padded)).toBe(plain);
    }
    expect(withoutPadding("/opt/spack")).toBe("/opt/spack");
  });
});

it.each(oracle.padding_filter)("filterPadding shortens $string", ({ string, filtered }) => {
  expect(filterPadding(string)).toBe(filtered);
});

it("pads as far as the system allows, less 300", () => {
  expect([systemPaddedLength("linux"), systemPaddedLength("darwin")]).toEqual([3796, 724]);
});
