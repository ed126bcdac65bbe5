// Sizes, times and counts for people.

import fc from "fast-check";
import { expect, it } from "vitest";
import { formatBytes, formatCount, formatSeconds } from "../../src/render/units.js";

it.each([
  [-1, "0 B"],
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [1549, "1.5 kB"],
  [9949, "9.9 kB"],
  [9950, "10 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [12_345_678, "12 MB"],
  [5e9, "5.0 GB"],
  [7.5e12, "7.5 TB"],
  [7.5e15, "7500 TB"],
])("%d bytes are %s", (count, text) => {
  expect(formatBytes(count)).toBe(text);
});

it("uses at most three digits below a thousand terabytes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999e12 }), (count) => {
      expect(formatBytes(count)).toMatch(/^(\d{1,3}|\d\.\d) (B|kB|MB|GB|TB)$/);
    }),
  );
});

it.each([
  [0, "0.00 s"],
  [0.123, "0.12 s"],
  [9.994, "9.99 s"],
  [9.996, "10 s"],
  [59.4, "59 s"],
  [59.6, "1 min 0 s"],
  [185.4, "3 min 5 s"],
  [3600, "60 min 0 s"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

it("forms plurals", () => {
  expect([0, 1, 2].map((count) => formatCount(count, "tag"))).toEqual(["0 tags", "1 tag", "2 tags"]);
});
