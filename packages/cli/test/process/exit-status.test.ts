// The exit status that each kind of trouble has.
import { expect, it } from "vitest";
import { exitStatus, statusOf, statusOfAll } from "../../src/process/exit-status.js";

it.each([
  ["usage", 2],
  ["not-found", 3],
  ["denied", 4],
  ["corrupt", 5],
  ["unreachable", 6],
  ["rate-limited", 6],
  ["unsupported", 1],
  ["conflict", 1],
  ["failed", 1],
] as const)("%s is %i", (kind, status) => {
  expect(statusOf(kind)).toBe(status);
});

it("agrees with itself, or is plain failure", () => {
  expect(statusOfAll([])).toBe(0);
  expect(statusOfAll(["denied", "denied"])).toBe(4);
  expect(statusOfAll(["unreachable", "rate-limited"])).toBe(6);
  expect(statusOfAll(["denied", "not-found"])).toBe(1);
  expect(statusOfAll(["failed", "corrupt"])).toBe(1);
});

it("has the shell's status for interruptions", () => {
  expect(exitStatus).toEqual({ done: 0, failed: 1, usage: 2, different: 7, interrupted: 130 });
});
