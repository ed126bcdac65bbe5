// Ages and dates as users type them.

import { describe, expect, it } from "vitest";
import { readAge } from "../../src/options/age.js";

const now = new Date("2026-03-01T12:00:00Z");

describe("readAge", () => {
  it.each([
    ["12h", "2026-03-01T00:00:00.000Z"],
    ["30d", "2026-01-30T12:00:00.000Z"],
    ["2w", "2026-02-15T12:00:00.000Z"],
    ["1y", "2025-03-01T12:00:00.000Z"],
    ["2026-01-31", "2026-01-31T00:00:00.000Z"],
    ["2026-01-31T10:00:00+02:00", "2026-01-31T08:00:00.000Z"],
  ])("reads %s", (text, time) => expect(readAge(text, now).toISOString()).toBe(time));

  it.each([
    "",
    "30",
    "d",
    "-1d",
    "1.5d",
    "30m",
    "yesterday",
    "2026-13-01",
    "2026-02-31",
    "2026-02-31T10:00",
    "2026",
  ])("rejects %s", (text) =>
    expect(() => readAge(text, now)).toThrow("Expected an age such as 12h, 30d, 6w or 1y"),
  );
});
