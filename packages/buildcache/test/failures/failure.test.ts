// Anything thrown becomes an error with a hint.

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
  const thrown = Object.assign(new Error(`${code}: words`), { code, path: "/place" });
  expect(asSpackOciError(thrown)).toMatchObject({
    code: "ERR_SYSTEM",
    kind: "failed",
    message: `${code}: words`,
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

it("accepts values that are not errors", () => {
  expect(asSpackOciError("words")).toMatchObject({ code: "ERR_SYSTEM", message: "words" });
  expect(asSpackOciError(undefined)).toMatchObject({ code: "ERR_SYSTEM", message: "undefined" });
});
