// Old prefixes become new ones in the order in which Spack tries them.

import { describe, expect, it } from "vitest";
import { PrefixMap } from "../../src/prefixes/prefix-map.js";

const replaced = (map: PrefixMap, text: string) => map.replaceStart(Buffer.from(text))?.toString();

describe("PrefixMap", () => {
  it("uses the first prefix that matches, not the longest", () => {
    const map = new PrefixMap([
      ["/old", "/first"],
      ["/old/package", "/second"],
    ]);
    expect(replaced(map, "/old/package/lib")).toBe("/first/package/lib");
  });

  it("uses the last value of a repeated prefix, at the position of the first", () => {
    const map = new PrefixMap([
      ["/old/a", "/one"],
      ["/old", "/two"],
      ["/old/a", "/three"],
    ]);
    expect(map.size).toBe(2);
    expect(replaced(map, "/old/a/lib")).toBe("/three/lib");
  });

  it("drops prefixes that do not change, so that they do not hide others", () => {
    const map = new PrefixMap([
      ["/old/a", "/old/a"],
      ["/old", "/new"],
    ]);
    expect(map.size).toBe(1);
    expect(replaced(map, "/old/a/lib")).toBe("/new/a/lib");
  });

  it("replaces only at the beginning, also within a component", () => {
    const map = new PrefixMap([["/old", "/new"]]);
    expect(replaced(map, "/older")).toBe("/newer");
    expect(replaced(map, "x/old")).toBeUndefined();
    expect(replaced(map, "/ol")).toBeUndefined();
  });

  it("keeps bytes that are not UTF-8", () => {
    const map = new PrefixMap([["/caf\udce9", "/t\u00e9"]]);
    expect(map.replaceStart(Buffer.from("/caf\xe9/x", "latin1"))).toEqual(Buffer.from("/t\u00e9/x"));
  });
});
