// System errors become reasons; other errors keep their words.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isDenial, isMissing, isSystemError, reasonOf } from "../src/reason.js";

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const missing = thrownBy(() => readFileSync("/nonexistent/file"));
const malformed = thrownBy(() => new URL("x"));

describe("reasonOf", () => {
  it("leaves out the call and the path", () => {
    expect(reasonOf(missing)).toBe("no such file or directory (ENOENT)");
    expect(reasonOf(new Error("Unknown system error -37: Unknown system error -37, fcntl"))).toBe(
      "system error 37",
    );
  });

  it("keeps other messages", () => {
    expect(reasonOf(malformed)).toBe("Invalid URL");
    expect(reasonOf("text")).toBe("text");
  });
});

it("knows what belongs to the operating system, and what denies access", () => {
  expect([isSystemError(missing), isDenial(missing)]).toEqual([true, false]);
  expect([isSystemError(malformed), isDenial(malformed)]).toEqual([false, false]);
  const denied = Object.assign(new Error("EROFS: read-only file system"), { code: "EROFS", syscall: "open" });
  expect(isDenial(denied)).toBe(true);
});

it("knows what is missing", () => {
  const below = thrownBy(() => readFileSync("/dev/null/below"));
  expect([missing, below].map(isMissing)).toEqual([true, true]);
  expect([malformed, undefined, "ENOENT", { code: "EACCES" }].map(isMissing)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
