// Results with failures become one error that names them.

import { SpackOciError } from "@spack-oci/errors";
import { describe, expect, it } from "vitest";
import { requireAll } from "../../src/failures/require-all.js";

const error = (kind: "corrupt" | "denied") => new SpackOciError("ERR_X", `It is ${kind}.`, { kind });
const done = { outcome: "done", package: { name: "a", version: "1" } };
const failed = (name: string, kind: "corrupt" | "denied") => ({
  outcome: "failed",
  error: error(kind),
  package: { name, version: "2" },
});

describe("requireAll", () => {
  it("accepts results without a failure", () => {
    expect(() => requireAll([])).not.toThrow();
    expect(() => requireAll([done, { outcome: "present", tag: "x" }])).not.toThrow();
  });

  it("throws the error of the only package that failed", () => {
    const only = failed("b", "denied");
    const skipped = { outcome: "skipped", package: { name: "c", version: "3" } };
    expect(() => requireAll([done, only, skipped])).toThrow(only.error);
  });

  it("names several that failed, with their common kind", () => {
    const alike = [done, failed("b", "corrupt"), failed("c", "corrupt")];
    expect(() => requireAll(alike)).toThrow(
      expect.objectContaining({
        code: "ERR_INCOMPLETE",
        kind: "corrupt",
        message: "2 of 3 failed: b@2, c@2.",
      }),
    );
    const unlike = [failed("b", "corrupt"), failed("c", "denied")];
    expect(() => requireAll(unlike)).toThrow(expect.objectContaining({ kind: "failed" }));
  });

  it("names tags", () => {
    const tags = ["x", "y"].map((tag) => ({ outcome: "failed", error: error("denied"), tag }));
    expect(() => requireAll(tags)).toThrow("2 of 2 failed: x, y.");
  });
});
