// How long clients wait between attempts.

import { expect, test } from "vitest";
import { DEFAULT_RETRY_POLICY, fullJitter, throttleBackoff } from "../../src/transport/backoff.js";
import { instantClock } from "../support/instant-clock.js";

const clockOf = (random: number) => ({ ...instantClock(), random: () => random });

test("waits double with each failure, up to the limit", () => {
  const longest = [1, 2, 3, 7, 100].map((failures) => fullJitter(failures, DEFAULT_RETRY_POLICY, clockOf(1)));
  expect(longest).toEqual([500, 1000, 2000, 30_000, 30_000]);
});

test("jitter may shorten a wait to nothing", () => {
  expect(fullJitter(3, DEFAULT_RETRY_POLICY, clockOf(0))).toBe(0);
});

test("a host that throttles gets at least twice the first wait", () => {
  expect(throttleBackoff(1, DEFAULT_RETRY_POLICY, clockOf(0))).toBe(1000);
  expect(throttleBackoff(1, DEFAULT_RETRY_POLICY, clockOf(1))).toBe(2000);
  expect(throttleBackoff(2, DEFAULT_RETRY_POLICY, clockOf(0))).toBe(2000);
});
