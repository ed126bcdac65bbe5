// JSON of strangers is parsed only if it fits in memory.

import { expect, test } from "vitest";
import { parseJson, parseJsonOrUndefined } from "../../src/content/json.js";

const MEGABYTE = 1024 * 1024;

test.each([
  ["lists in lists", "[".repeat(4 * MEGABYTE) + "]".repeat(4 * MEGABYTE)],
  ["empty objects", `[${"{},".repeat(2 * MEGABYTE)}0]`],
  ["numbers", `[${"1,".repeat(4 * MEGABYTE)}0]`],
])("refuses megabytes of %s without parsing them", (_what, text) => {
  const before = process.memoryUsage().heapUsed;
  expect(() => parseJson(text)).toThrow("more items than fit in memory");
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * MEGABYTE);
  expect(parseJsonOrUndefined(text)).toBeUndefined();
});

test("accepts as many descriptors as fit in a manifest", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size: 1 };
  const text = JSON.stringify({ layers: Array.from({ length: 55_000 }, () => layer) });
  expect(text.length).toBeGreaterThan(7 * MEGABYTE);
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("accepts any number of items in a short text", () => {
  expect(parseJson(`[${"1,".repeat(40_000)}0]`)).toHaveLength(40_001);
});
