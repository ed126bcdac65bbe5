// Padding matches Spack's, character by character.

import { describe, expect, it } from "vitest";
import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import {
  addPadding,
  filterPadding,
  isPaddingName,
  paddedRootIn,
  withoutPadding,
} from "../../src/store/padding.js";

const oracle = readJsonFixture<{
  add_padding: readonly { root: string; length: number; padded: string }[];
  padding_filter: readonly { string: string; filtered: string }[];
}>("oracles/padding.json");

describe("addPadding", () => {
  it.each(oracle.add_padding)("pads $root to $length", ({ root, length, padded }) => {
    expect(addPadding(root, length)).toBe(padded);
  });

  it("is undone by withoutPadding if there is a whole placeholder", () => {
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

it("paddedRootIn finds the padded root of a path, if any", () => {
  const root = addPadding("/opt/store", 128);
  expect(paddedRootIn(`${root}/linux/zlib/lib`)).toBe(root);
  expect(paddedRootIn("/opt/store/linux/zlib")).toBeUndefined();
});

it.each([
  ["__spack_path_placeholder__", true],
  ["__spack_pa", true],
  ["__spack_pa_", true],
  ["_", true],
  ["", false],
  ["spack", false],
])("isPaddingName(%j) is %j", (name, expected) => {
  expect(isPaddingName(name)).toBe(expected);
});
