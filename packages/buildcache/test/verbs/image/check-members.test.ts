// Which packages fit into one image, and where its view can be.

import { describe, expect, it } from "vitest";
import { installRoots, requireDistinctPrefixes } from "../../../src/verbs/image/check-members.js";
import { requireViewPlace, viewPath } from "../../../src/verbs/image/view-place.js";
import { member } from "../../support/members.js";
import { graphOf, node } from "../../support/nodes.js";

const at = (name: string, prefix: string) => member(name, { prefix });

describe("requireDistinctPrefixes", () => {
  it("accepts prefixes beside each other, even if one's name starts with another's", () => {
    requireDistinctPrefixes([at("a", "/s/a"), at("b", "/s/a-b"), at("c", "/t/a")]);
  });

  it.each([
    ["equal ones", [at("a", "/s/a"), at("b", "/s/a")]],
    ["one inside another", [at("a", "/s/a"), at("b", "/s/a/x/b")]],
    ["one around another, in any order", [at("b", "/s/a/x/b"), at("a", "/s/a")]],
  ])("rejects %s", (_what, members) => {
    expect(() => requireDistinctPrefixes(members)).toThrow(
      expect.objectContaining({ code: "ERR_PREFIX_CLASH", kind: "conflict", place: "/s/a" }),
    );
  });

  it("names both packages", () => {
    expect(() => requireDistinctPrefixes([at("a", "/s/a"), at("b", "/s/a/b")])).toThrow(
      "a@1/aaaaaaa and b@1/baaaaaa are both in /s/a.",
    );
  });
});

describe("installRoots", () => {
  const [a, b] = [node("a"), node("b")];
  const below = (root: string, { name, hash }: typeof a) => `${root}/linux-x86_64/${name}-1-${hash}`;

  it("lists the roots of prefixes with Spack's default projection, once each", () => {
    const members = [at("a", below("/t", a)), at("b", below("/s", b)), at("a", below("/t", a))];
    expect(installRoots(graphOf(a, b), members)).toEqual(["/s", "/t"]);
  });

  it("ignores prefixes with other projections", () => {
    expect(installRoots(graphOf(a), [at("a", "/s/a")])).toEqual([]);
  });
});

describe("viewPath", () => {
  it.each([
    ["/opt/view", "/opt/view"],
    ["/opt//view/", "/opt/view"],
    ["/opt/x/../view", "/opt/view"],
  ])("normalizes %s to %s", (text, path) => {
    expect(viewPath(text)).toBe(path);
  });

  it.each(["", "/", "view", "./view", "/opt/..", "//", "/a\0b"])("rejects %j", (text) => {
    expect(() => viewPath(text)).toThrow(expect.objectContaining({ code: "ERR_VIEW_PLACE", kind: "usage" }));
  });
});

describe("requireViewPlace", () => {
  it("accepts a directory beside all packages", () => {
    requireViewPlace("/opt/view", [at("a", "/opt/a"), at("b", "/opt/view2")]);
  });

  it.each([
    ["a package's prefix", "/opt/a"],
    ["a directory inside of a package", "/opt/a/view"],
    ["a directory around a package", "/opt"],
  ])("rejects %s", (_what, view) => {
    expect(() => requireViewPlace(view, [at("a", "/opt/a")])).toThrow(
      expect.objectContaining({ code: "ERR_VIEW_PLACE", message: `The view ${view} would cover /opt/a.` }),
    );
  });
});
