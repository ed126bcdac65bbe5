// What Node rejects because of outside data is not reported as a bug.

import { closeSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { asSpackOciError } from "../../src/failures/failure.js";

function failureOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return asSpackOciError(error);
  }
  throw new Error("nothing was thrown");
}

it("names a path with a NUL byte", () => {
  expect(failureOf(() => readFileSync("/a\0b"))).toMatchObject({ code: "ERR_PATH", kind: "usage" });
});

it("knows files that are too large", () => {
  const path = join(scratchDirectory("large"), "sparse");
  const file = openSync(path, "w");
  ftruncateSync(file, 3 * 1024 ** 3);
  closeSync(file);
  expect(failureOf(() => readFileSync(path))).toMatchObject({ code: "ERR_TOO_LARGE", kind: "unsupported" });
});

it("takes any other error for a bug", () => {
  expect(failureOf(() => new URL("x"))).toMatchObject({ code: "ERR_UNEXPECTED" });
});
