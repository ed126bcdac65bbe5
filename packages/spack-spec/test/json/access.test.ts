// Members of JSON objects with a wrong type are reported by name.

import { describe, expect, it } from "vitest";
import { asInteger } from "../../src/json/access.js";

describe("asInteger", () => {
  it("accepts whole numbers of both kinds", () => {
    expect([asInteger(7n, "x"), asInteger(7, "x")]).toEqual([7, 7]);
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2n ** 60n, "1", null])("rejects %s", (value) => {
    expect(() => asInteger(value, "ref_count of abc")).toThrow(
      expect.objectContaining({
        code: "ERR_JSON_SHAPE",
        message: expect.stringContaining("ref_count of abc"),
      }),
    );
  });
});
