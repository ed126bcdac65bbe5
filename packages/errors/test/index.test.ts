// The error type that all packages share.

import { expect, test } from "vitest";
import * as surface from "../src/index.js";

const { isSpackOciError, SpackOciError } = surface;

test("the public surface", () => {
  expect(Object.keys(surface).sort()).toEqual([
    "SpackOciError",
    "hideUserinfo",
    "isDenial",
    "isMissing",
    "isSpackOciError",
    "isSystemError",
    "looksLikeToken",
    "reasonOf",
    "similarWord",
    "suggestion",
  ]);
});

test("an error keeps its code, kind, place, cause and hint", () => {
  const cause = new Error("underneath");
  const error = new SpackOciError("ERR_X", "It failed.", {
    kind: "denied",
    place: "x",
    cause,
    hint: "Fix it.",
  });
  expect(error).toMatchObject({
    name: "SpackOciError",
    code: "ERR_X",
    message: "It failed.",
    kind: "denied",
    place: "x",
    hint: "Fix it.",
  });
  expect(error.cause).toBe(cause);
});

test("an error without a cause has no cause property", () => {
  expect("cause" in new SpackOciError("ERR_X", "It failed.", { kind: "failed" })).toBe(false);
});

test("isSpackOciError distinguishes kinds, and other errors", () => {
  const error = new SpackOciError("ERR_X", "It failed.", { kind: "denied" });
  expect(isSpackOciError(error)).toBe(true);
  expect(isSpackOciError(error, "denied")).toBe(true);
  expect(isSpackOciError(error, "corrupt")).toBe(false);
  expect(isSpackOciError(new Error("It failed."))).toBe(false);
  expect(isSpackOciError(undefined)).toBe(false);
});
