// The exit status of each kind of error.

import type { ErrorKind } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { EXIT_STATUS, statusOf, statusOfAll } from "../../src/process/exit-status.js";

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

it("is the common status of several errors, or plain failure", () => {
  const statusOfKinds = (...kinds: readonly ErrorKind[]) => statusOfAll(kinds.map((kind) => ({ kind })));
  expect(statusOfKinds()).toBe(0);
  expect(statusOfKinds("denied", "denied")).toBe(4);
  expect(statusOfKinds("unreachable", "rate-limited")).toBe(6);
  expect(statusOfKinds("denied", "not-found")).toBe(1);
  expect(statusOfKinds("failed", "corrupt")).toBe(1);
});

it("uses the shell's status for interruptions", () => {
  expect(EXIT_STATUS).toEqual({ done: 0, failed: 1, usage: 2, different: 7, interrupted: 130 });
});
