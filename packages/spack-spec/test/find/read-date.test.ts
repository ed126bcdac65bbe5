// Dates are read as Spack reads them, in local time.

import { expect, it } from "vitest";
import { readDate } from "../../src/find/read-date.js";

const now = new Date(2026, 2, 1, 12, 30, 15);

it.each([
  ["2025", new Date(2025, 0, 1)],
  ["2024-02", new Date(2024, 1, 1)],
  ["2024-02-29", new Date(2024, 1, 29)],
  ["2024-02-29 23:59", new Date(2024, 1, 29, 23, 59)],
  ["2024-02-29 23:59:01", new Date(2024, 1, 29, 23, 59, 1)],
  ["yesterday", new Date(2026, 1, 28, 12, 30, 15)],
  ["a second ago", new Date(2026, 2, 1, 12, 30, 14)],
  ["90 minutes ago", new Date(2026, 2, 1, 11, 0, 15)],
  ["2weeks ago", new Date(2026, 1, 15, 12, 30, 15)],
  ["1 month ago", new Date(2026, 0, 30, 12, 30, 15)],
  ["a year ago", new Date(2025, 2, 1, 12, 30, 15)],
])("reads %s", (text, date) => {
  expect(readDate(text, now)).toEqual(date);
});

it.each([
  "",
  "tomorrow",
  "2025-2",
  "2025-02-30",
  "2025-13",
  "2025-01-01 24:00",
  "2025-01-01T00:00",
  "0 days",
])("rejects %j", (text) => {
  expect(readDate(text, now)).toBeUndefined();
});
