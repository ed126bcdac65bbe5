// Errors for people and for programs.

import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { renderError, renderFinalError, renderStack } from "../../src/render/error.js";
import { errorToJson } from "../../src/render/json.js";

it("gives message, cause, place and hint, each only once", () => {
  const cause = new Error("ECONNREFUSED");
  const full = new SpackOciError("ERR_X", "It failed.", {
    kind: "failed",
    place: "here",
    hint: "Fix it.",
    cause,
  });
  expect(renderError(full)).toBe("It failed.\n  cause: ECONNREFUSED\n  at: here\n  Fix it.");
  const said = new SpackOciError("ERR_X", "here: ECONNREFUSED", { kind: "failed", place: "here", cause });
  expect(renderError(said)).toBe("here: ECONNREFUSED");
});

it("ends with the address of the paragraph about its code", () => {
  const error = new SpackOciError("ERR_SPEC_NOT_FOUND", "It failed.", { kind: "failed", hint: "Fix it." });
  const [message, hint, docs] = renderFinalError(error).split("\n");
  expect([message, hint]).toEqual(["It failed.", "  Fix it."]);
  expect(docs).toMatch(/^ {2}docs: https:\/\/[^ ]+\/docs\/errors\.md#err_spec_not_found$/);
});

it("shows the first line of a cause, and only once", () => {
  const cause = new Error("no end of the list at line 2:\n\na: [b\n   ^\n");
  const said = new SpackOciError("ERR_X", "file:2: no end of the list at line 2:", { kind: "usage", cause });
  expect(renderError(said)).toBe("file:2: no end of the list at line 2:");
  expect(renderError(new SpackOciError("ERR_X", "It failed.", { kind: "usage", cause }))).toBe(
    "It failed.\n  cause: no end of the list at line 2:",
  );
});

it("shows the reason of a system error, and only once", () => {
  const cause = new Error("EACCES: permission denied, open '/x'");
  const known = new SpackOciError("ERR_X", "Cannot open /x: permission denied (EACCES).", {
    kind: "failed",
    cause,
  });
  expect(renderError(known)).toBe("Cannot open /x: permission denied (EACCES).");
  expect(renderError(new SpackOciError("ERR_X", "It failed.", { kind: "failed", cause }))).toBe(
    "It failed.\n  cause: permission denied (EACCES)",
  );
});

it("shows stacks on request only, without passwords", () => {
  const cause = new TypeError("Invalid URL https://me:secret@host/");
  const error = new SpackOciError("ERR_X", "It failed.", { kind: "failed", cause });
  expect(renderStack(error, {})).toBe("");
  const stacks = renderStack(error, { SPACK_OCI_DEBUG: "1" });
  expect(stacks).toMatch(/^SpackOciError: It failed\.\n {4}at .*error\.test\.ts:\d+:\d+/);
  expect(stacks).toMatch(/\nTypeError: Invalid URL https:\/\/\*\*\*@host\/\n {4}at /);
});

it("gives programs the known fields and no others", () => {
  expect(errorToJson(new SpackOciError("ERR_X", "words", { kind: "usage" }))).toEqual({
    code: "ERR_X",
    kind: "usage",
    message: "words",
  });
  const full = new SpackOciError("ERR_X", "words", {
    kind: "usage",
    place: "p",
    hint: "h",
    cause: new Error("c"),
  });
  expect(errorToJson(full)).toEqual({
    code: "ERR_X",
    kind: "usage",
    message: "words",
    place: "p",
    hint: "h",
  });
});
