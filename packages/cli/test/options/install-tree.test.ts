// The install tree that options describe.

import { expect, it } from "vitest";
import { relocationOf } from "../../src/options/install-tree.js";

const NONE = { relocateTo: undefined, paddedLength: undefined, projections: undefined };

it("is undefined without options", () => {
  expect(relocationOf(NONE)).toBeUndefined();
});

it("has a root, padding and projections", () => {
  const projections = new Map([["all", "{name}"]]);
  expect(relocationOf({ relocateTo: "/opt", paddedLength: 64, projections })).toEqual({
    root: "/opt",
    paddedLength: 64,
    projections,
  });
});

it.each([{ paddedLength: 64 }, { projections: new Map([["all", "{name}"]]) }])(
  "requires a root for %j",
  (changes) => {
    expect(() => relocationOf({ ...NONE, ...changes })).toThrow(
      expect.objectContaining({
        code: "ERR_ROOT_MISSING",
        kind: "usage",
        hint: "Add --relocate-to ROOT.",
        message: "--padded-length and --projection require --relocate-to.",
      }),
    );
  },
);
