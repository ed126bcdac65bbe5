// What the text in the filter box means.

import { describe, expect, it } from "vitest";
import { decodeCatalog } from "../../src/data/decode-catalog.js";
import { encodeCatalog } from "../../src/data/encode-catalog.js";
import { CatalogFilter } from "../../src/filter/catalog-filter.js";
import { catalogWith, packageWith } from "../support/specs.js";

const packages = [
  packageWith({ name: "hdf5", parameters: { mpi: true } }),
  packageWith({ name: "lib-zlib" }),
  packageWith({ name: "openmpi", architecture: { platform: "linux", os: "rhel9", target: "zen4" } }),
  packageWith({ name: "zlib", version: "1.3.1", hash: "zzz".padEnd(32, "2") }),
  packageWith({ name: "zlib-ng", version: "2.2" }),
];
const filter = new CatalogFilter(decodeCatalog(encodeCatalog(catalogWith(packages))));

function found(text: string) {
  const { rows, by } = filter.match(text);
  return [by, ...rows.map((row) => packages[row]?.name)];
}

describe("a filter", () => {
  it.each([
    ["", "nothing", "hdf5", "lib-zlib", "openmpi", "zlib", "zlib-ng"],
    ["  ", "nothing", "hdf5", "lib-zlib", "openmpi", "zlib", "zlib-ng"],
    // A name finds names that contain it; its own package comes first.
    ["zlib", "specs", "zlib", "lib-zlib", "zlib-ng"],
    ["zli", "specs", "lib-zlib", "zlib", "zlib-ng"],
    // With anything else, it is Spack's.
    ["zlib@1:", "specs", "zlib"],
    ["zlib@2:", "specs"],
    ["@1.3: +mpi", "specs"],
    ["+mpi", "specs", "hdf5"],
    ["zlib hdf5", "specs", "hdf5", "zlib", "lib-zlib", "zlib-ng"],
    ["/zzz", "specs", "zlib"],
    ["/zzz hdf5+mpi", "specs", "hdf5", "zlib"],
    // A name that nothing has is a word.
    ["zen4", "specs", "openmpi"],
    ["rhel9", "specs", "openmpi"],
    ["zzz2", "specs", "zlib"],
    ["open zen4", "words", "openmpi"],
    ["open x86_64_v3", "words"],
    ["zlib-", "specs", "zlib-ng"],
    // So is what is not a spec.
    ["zlib-ng@", "words"],
    ["@1.3: zlib)", "words"],
    ["zlib@", "words"],
    ["+mpi )", "words"],
  ])("%j", (text, ...expected) => {
    expect(found(text)).toEqual(expected);
  });

  it("says why a text is not a spec", () => {
    expect(filter.match("zlib@").problem).toMatch(/zlib@/);
    expect(filter.match("zlib").problem).toBeUndefined();
  });

  it("finds the same once it is warm", () => {
    const other = new CatalogFilter(decodeCatalog(encodeCatalog(catalogWith(packages))));
    expect([...other.warmUp()].length).toBeGreaterThan(0);
    expect(other.match("zlib@1: ^/zzz")).toEqual(filter.match("zlib@1: ^/zzz"));
    expect(other.match("++mpi")).toEqual(filter.match("++mpi"));
  });

  it("takes flags that are not a list for flags that nothing asks for", () => {
    const odd = [packageWith({ name: "odd", parameters: { cflags: 5 } }), packageWith({ name: "zlib" })];
    const table = decodeCatalog(encodeCatalog(catalogWith(odd)));
    expect(new CatalogFilter(table).match("cflags=-O2").rows).toEqual([]);
    expect(new CatalogFilter(table).match("@1:").rows).toEqual([0, 1]);
  });
});
