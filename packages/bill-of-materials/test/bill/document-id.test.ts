// Identifiers and times of documents.

import { expect, it } from "vitest";
import { timestamp, uuidOf } from "../../src/bill/document-id.js";

it("makes a UUID of version 8 that follows from the text", () => {
  expect(uuidOf("a")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(uuidOf("a")).toBe(uuidOf("a"));
  expect(uuidOf("a")).not.toBe(uuidOf("b"));
});

it("writes times in whole seconds", () => {
  expect(timestamp(new Date("2026-01-02T03:04:05.678Z"))).toBe("2026-01-02T03:04:05Z");
});
