// Words that were meant by misspelled ones.

import { expect, test } from "vitest";
import { suggestion } from "../src/index.js";

test.each([
  ["zlip", "Did you mean zlib? "],
  ["ZLIB", ""],
  ["hdf", "Did you mean hdf5? "],
  ["something", ""],
  ["zlib", ""],
])("%s", (word, expected) => {
  expect(suggestion(word, ["zlib", "hdf5", "json-c"])).toBe(expected);
});
