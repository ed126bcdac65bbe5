// How registries ask to wait.

import { expect, test } from "vitest";
import { isSecondaryRateLimit, requestedWait } from "../../src/http/rate-limit.js";

const wait = (headers: Record<string, string>, body = "", now = 0) => requestedWait({ headers }, body, now);

test.each([
  ["2", 2000],
  [" 0.5 ", 500],
  ["Thu, 01 Jan 1970 00:00:03 GMT", 3000],
  ["soon", undefined],
  ["-5", undefined],
  ["in 5 minutes", undefined],
])("Retry-After %j is %s ms", (header, expected) => {
  expect(wait({ "retry-after": header })).toBe(expected);
});

test("a date in the past asks for no wait", () => {
  expect(wait({ "retry-after": "Thu, 01 Jan 1970 00:00:03 GMT" }, "", 60_000)).toBe(0);
});

test.each([
  ["retry-after: 12.5ms", 12.5],
  ['"retryAfter": "3"', 3000],
  ["Retry after 250µs", 0.25],
  ["retry after 2m", 120_000],
  ["try again", undefined],
])("a body with %j asks for %s ms", (body, expected) => {
  expect(wait({}, body)).toBe(expected);
});

test("the header comes before the body", () => {
  expect(wait({ "retry-after": "1" }, "retry-after: 9s")).toBe(1000);
});

test("only a 403 that speaks of a rate limit is one", () => {
  expect(isSecondaryRateLimit(403, "You have exceeded a secondary rate limit")).toBe(true);
  expect(isSecondaryRateLimit(403, "denied")).toBe(false);
  expect(isSecondaryRateLimit(401, "rate limit exceeded")).toBe(false);
});
