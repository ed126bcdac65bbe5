// Names of whiteouts say what they remove.

import { expect, it } from "vitest";
import { opaqueName, whiteoutIn } from "../../src/merge/whiteouts.js";

it.each([
  ["a/.wh.b", { kind: "path", of: "a/b" }],
  [".wh.b", { kind: "path", of: "b" }],
  ["a/.wh..b", { kind: "path", of: "a/.b" }],
  ["a/b/.wh..wh..opq", { kind: "opaque", of: "a/b" }],
  ["a/.wh..wh.plnk", undefined],
  ["a/b.wh.c", undefined],
  [".wh.a/b", undefined],
])("%s", (name, whiteout) => {
  expect(whiteoutIn(name)).toEqual(whiteout);
});

it("an opaque name is a whiteout of its directory", () => {
  expect(whiteoutIn(opaqueName("a/b"))).toEqual({ kind: "opaque", of: "a/b" });
});
