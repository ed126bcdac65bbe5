// Errors survive the way through another thread.

import { SpackOciError } from "@spack-oci/errors";
import { RelocationError } from "@spack-oci/spack-tarball";
import { expect, it } from "vitest";
import { fromPlainError, toPlainError } from "../../src/workers/plain-error.js";

const carried = (error: unknown) => fromPlainError(structuredClone(toPlainError(error)));

it("keeps everything of an error of this project", () => {
  const cause = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", path: "/x" });
  const details = { kind: "corrupt" as const, place: "p", hint: "Do it.", cause };
  const found = carried(new SpackOciError("ERR_X", "What happened.", details));
  expect(found).toBeInstanceOf(SpackOciError);
  expect(found).toMatchObject({
    code: "ERR_X",
    message: "What happened.",
    kind: "corrupt",
    place: "p",
    hint: "Do it.",
  });
  expect(found.cause).toMatchObject({ message: "ENOSPC", code: "ENOSPC", path: "/x" });
});

it("keeps the strings that do not fit", () => {
  const problem = {
    file: "bin/a",
    offset: 3,
    reason: "cannot-grow" as const,
    oldPrefix: "/a",
    newPrefix: "/longer",
    found: "/a/lib",
  };
  const found = carried(new RelocationError([problem]));
  expect(found).toBeInstanceOf(RelocationError);
  expect(found).toMatchObject({ code: "ERR_RELOCATION_BLOCKED", problems: [problem], place: "bin/a" });
});

it("keeps what the operating system says", () => {
  const error = Object.assign(new Error("no space"), {
    code: "ENOSPC",
    path: "/x",
    syscall: "write",
    errno: -28,
  });
  expect(carried(error)).toMatchObject({ message: "no space", code: "ENOSPC", path: "/x", syscall: "write" });
  expect(carried("text").message).toBe("text");
});
