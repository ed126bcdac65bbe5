// The names of link types.

import { expect, it } from "vitest";
import { linkTypeNamed } from "../../src/descriptor/view-descriptor.js";

it("has several names for each link type", () => {
  const names = ["symlink", "soft", "add", "hardlink", "hard", "copy", "relocate"];
  expect(names.map(linkTypeNamed)).toEqual([
    ...["symlink", "symlink", "symlink"],
    ...["hardlink", "hardlink", "copy", "copy"],
  ]);
});

it("rejects other names", () => {
  expect(() => linkTypeNamed("reflink")).toThrow('"reflink" is not a link type of views.');
});
