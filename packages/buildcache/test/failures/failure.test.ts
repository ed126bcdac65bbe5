// Anything thrown becomes an error with a hint.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { SpackOciError } from "@spack-oci/errors";
import { expect, it } from "vitest";
import { asSpackOciError } from "../../src/failures/failure.js";

it("returns our own errors unchanged", () => {
  const error = new SpackOciError("ERR_TEST", "x", { kind: "corrupt" });
  expect(asSpackOciError(error)).toBe(error);
});

it.each([
  ["ENOSPC", /disk is full/],
  ["EDQUOT", /quota/],
  ["EACCES", /permissions/],
  ["EROFS", /read-only/],
  ["EMFILE", /ulimit -n/],
  ["ENOTDIR", /is a file/],
])("explains %s", (code, hint) => {
  const thrown = Object.assign(new Error(`${code}: some words, open '/place'`), { code, path: "/place" });
  expect(asSpackOciError(thrown)).toMatchObject({
    code: "ERR_SYSTEM",
    kind: "failed",
    message: `Cannot open /place: some words (${code}).`,
    place: "/place",
    hint: expect.stringMatching(hint),
    cause: thrown,
  });
});

it("reports an aborted task as interrupted, with the signal's reason", async () => {
  const reason = new SpackOciError("ERR_INTERRUPTED", "Interrupted by SIGINT.", { kind: "failed" });
  const aborted = Object.assign(new Error("The operation was aborted"), { name: "AbortError" });
  expect(asSpackOciError(aborted)).toMatchObject({ code: "ERR_INTERRUPTED", cause: aborted });
  expect(asSpackOciError(Object.assign(aborted, { cause: reason }))).toBe(reason);
  expect(asSpackOciError(AbortSignal.abort().reason)).toMatchObject({ code: "ERR_INTERRUPTED" });
});

it.each([
  ["spawn", () => spawnSync("/nonexistent/program").error, "Cannot run /nonexistent/program (ENOENT)."],
  [
    "a directory",
    () => thrownBy(() => readFileSync("/tmp")),
    "Cannot read: illegal operation on a directory (EISDIR).",
  ],
  [
    "a number without a name",
    () =>
      Object.assign(new Error("Unknown system error -37: Unknown system error -37, fcntl"), {
        code: "Unknown system error -37",
      }),
    "Cannot fcntl: system error 37 (Unknown system error -37).",
  ],
])("puts %s into words, with a hint", (_what, thrown, message) => {
  expect(asSpackOciError(thrown())).toMatchObject({
    code: "ERR_SYSTEM",
    message,
    hint: expect.stringMatching(/\.$/),
  });
});

it.each([
  [
    "a TypeError",
    thrownBy(() => (undefined as unknown as string).length),
    /^Something unexpected .*reading 'length'/,
  ],
  ["a RangeError", thrownBy(() => Buffer.alloc(-1)), /^Something unexpected .*"size"/s],
  ["an invalid URL", thrownBy(() => new URL("::")), /^Something unexpected .*Invalid URL\.$/],
  ["a text", "words", /^Something unexpected went wrong: words\.$/],
  ["an error without words", new Error(""), /no message/],
])("reports %s as a bug", (_what, thrown, message) => {
  expect(asSpackOciError(thrown)).toMatchObject({
    code: "ERR_UNEXPECTED",
    kind: "failed",
    message: expect.stringMatching(message),
    hint: expect.stringContaining("bug"),
    cause: thrown,
  });
});

function thrownBy(task: () => unknown): unknown {
  try {
    return task();
  } catch (error) {
    return error;
  }
}
