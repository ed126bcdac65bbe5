// The filter finds the same as comparing every package with a constraint, in graphs and for constraints that were made up:
// with several dependencies of the same name, virtual packages, old specs, conditions and propagation.

import { isSpackOciError } from "@spack-oci/errors";
import { catalogOfGraph, parseSpec, queryCatalog, type Spec } from "@spack-oci/spack-spec";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { SiteDependency, SitePackage } from "../../src/catalog/site-catalog.js";
import { decodeCatalog } from "../../src/data/decode-catalog.js";
import { encodeCatalog } from "../../src/data/encode-catalog.js";
import { CatalogFilter } from "../../src/filter/catalog-filter.js";
import { catalogWith, packageWith } from "../support/specs.js";
import { graphOfTable } from "../support/table-graph.js";

const NAMES = ["a", "b", "gcc", "glibc", "mpi", "zlib"];
const VIRTUALS = ["c", "cxx", "mpi"];

const parameters = fc.record(
  {
    x: fc.boolean(),
    y: fc.constantFrom<string | string[]>("p", "q", ["p"], ["p", "q"]),
    languages: fc.constantFrom(["c"], ["c", "c++"]),
    cflags: fc.constantFrom([], ["-O2"], ["-O2", "-g"]),
  },
  { requiredKeys: [] },
);
const edge = fc.record({
  to: fc.nat({ max: 30 }),
  types: fc.subarray(["build", "link", "run", "test"]),
  virtuals: fc.subarray(VIRTUALS),
  direct: fc.boolean(),
});
const made = fc.record({
  name: fc.constantFrom(...NAMES),
  version: fc.constantFrom("1.0", "2.1", "3"),
  os: fc.constantFrom("rhel9", "debian12"),
  parameters,
  propagated: fc.subarray(["x", "y"]),
  patches: fc.constantFrom([], ["f00"]),
  external: fc.boolean(),
  origin: fc.constantFrom(
    { specVersion: 5 },
    { specVersion: 5 },
    { specVersion: 5, compiler: "gcc@=12.2.0" },
    { specVersion: 4, compiler: "gcc@=12.2.0" },
  ),
  edges: fc.array(edge, { maxLength: 5 }),
});

/** Specs that depend on some of those before them. */
const packages = fc.array(made, { minLength: 1, maxLength: 14 }).map((list): SitePackage[] => {
  const hash = (at: number) => `${"abcdefghijklmnop"[at]}`.repeat(32);
  return list.map(({ os, edges, ...members }, at) =>
    packageWith({
      ...members,
      hash: hash(at),
      architecture: { platform: "linux", os, target: "x86_64_v3" },
      dependencies:
        at === 0 ? [] : edges.map(({ to, ...rest }): SiteDependency => ({ ...rest, hash: hash(to % at) })),
    }),
  );
});

const setting = fc.constantFrom(
  "",
  "",
  "@1:",
  "@2.1",
  "@:2",
  "+x",
  "~x",
  "++x",
  "~~x",
  " y=p",
  " y:=p",
  " y==p,q",
  " cflags=-O2",
  " os=rhel9",
  " patches=f",
);
const node = fc.tuple(fc.constantFrom("", ...NAMES, "c"), setting, setting).map((parts) => parts.join(""));
const attributes = fc.constantFrom(
  "",
  "",
  "",
  "[when=+x] ",
  "[when=@2:] ",
  "[virtuals=c] ",
  "[deptypes=link] ",
  "[deptypes=build,link] ",
  "[when=%gcc] ",
);
const dependency = fc
  .tuple(fc.constantFrom("^", "%", "%%"), attributes, node)
  .map(([sigil, own, spec]) => ` ${sigil}${own}${spec}`);
const constraint = fc
  .tuple(node, fc.array(dependency, { maxLength: 3 }), fc.constantFrom("", "", "", " /a"))
  .map(([root, dependencies, hash]) => root + dependencies.join("") + hash);

it("finds the same", { timeout: 240_000 }, () => {
  const counts = { found: 0, some: 0, all: 0 };
  fc.assert(
    fc.property(packages, fc.array(constraint, { minLength: 1, maxLength: 12 }), (list, texts) => {
      const table = decodeCatalog(encodeCatalog(catalogWith(list)));
      const filter = new CatalogFilter(table);
      const catalog = catalogOfGraph(graphOfTable(table));
      for (const text of texts) {
        const wanted = parsed(text);
        if (wanted === undefined) continue;
        const found = filter.satisfying(wanted);
        const rows = table.hashes.filter((_, row) => found[row] === 1);
        const expected = queryCatalog(catalog, wanted).map(({ hash }) => hash);
        expect([text, ...rows].sort()).toEqual([text, ...expected].sort());
        counts.all += 1;
        if (expected.length > 0) counts.found += 1;
        if (expected.length > 0 && expected.length < list.length) counts.some += 1;
      }
    }),
    { numRuns: 600 },
  );
  // Otherwise, it would have compared nothing with nothing.
  expect(counts.found).toBeGreaterThan(counts.all / 10);
  expect(counts.some).toBeGreaterThan(counts.all / 20);
});

/** Nothing, for what is not a spec. */
function parsed(text: string): Spec | undefined {
  try {
    return parseSpec(text);
  } catch (error) {
    if (isSpackOciError(error)) return undefined;
    throw error;
  }
}
