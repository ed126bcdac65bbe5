// Addresses lead to views, and views to addresses.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressOf, parseRoute, type Route } from "../../src/browser/model/route.js";

const text = fc.string({ unit: "grapheme" });
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.constantFrom<Route>({ view: "overview" }, { view: "warnings" }),
  fc.record({ view: fc.constant("packages" as const), filter: text, sort: text }),
  fc.record({ view: fc.constantFrom("package" as const, "space" as const), name: text }),
  fc.record({ view: fc.constantFrom("build" as const, "graph" as const), hash: text }),
);

describe("routes", () => {
  it("survive as addresses", () => {
    fc.assert(
      fc.property(route, (each) => {
        expect(parseRoute(addressOf(each))).toEqual(each);
      }),
    );
  });

  it("never lead out of the page", () => {
    fc.assert(
      fc.property(route, (each) => {
        expect(addressOf(each)).toMatch(/^#\//);
      }),
    );
  });

  it.each(["", "#", "#/nothing/here", "#/../x"])("%j leads to the overview", (fragment) => {
    expect(parseRoute(fragment)).toEqual({ view: "overview" });
  });

  it("takes a malformed name as it is", () => {
    expect(parseRoute("#/package/%E0%A4%A")).toEqual({ view: "package", name: "%E0%A4%A" });
  });
});
