// The filter finds the same as comparing every package with a constraint, on specs that were made up.

import { catalogOfGraph, parseSpec, queryCatalog } from "@spack-oci/spack-spec";
import { expect, it } from "vitest";
import { syntheticCatalog } from "../../../../tests/support/synthetic-catalog.js";
import { decodeCatalog } from "../../src/data/decode-catalog.js";
import { encodeCatalog } from "../../src/data/encode-catalog.js";
import { CatalogFilter } from "../../src/filter/catalog-filter.js";
import { graphOfTable } from "../support/table-graph.js";

const PACKAGES = 600;

const table = decodeCatalog(encodeCatalog(syntheticCatalog(PACKAGES)));
const filter = new CatalogFilter(table);
const graph = graphOfTable(table);
const catalog = catalogOfGraph(graph, table.hashes.slice(0, table.packages));

const CONSTRAINTS = [
  "zlib",
  "@2:5",
  "+shared~mpi",
  "build_system=cmake",
  "target=x86_64_v3:",
  "target=:zen3 os=sles15",
  "namespace=builtin",
  "%gcc@13",
  "%c,cxx=gcc@12:13",
  "%fortran=gcc",
  "^zlib",
  "^zlib+shared %gcc@14",
  "^[deptypes=build] zlib",
  "^cmake ^zlib@:6",
  "hdf5 ^openmpi %gcc@12",
  "^hdf5 ^zlib %gcc",
  "libc",
  "^libc",
  "c",
  "cflags=-O2",
  "++shared",
  "/a",
  "^/b",
  "nothing-like-it",
];

it.each(CONSTRAINTS)("%s", (text) => {
  const found = filter.satisfying(parseSpec(text));
  const rows = table.hashes.slice(0, table.packages).filter((_, row) => found[row] === 1);
  const expected = queryCatalog(catalog, parseSpec(text)).map(({ hash }) => hash);
  expect(rows.sort()).toEqual([...expected].sort());
});

it("has constraints of all kinds: for some packages, for many and for none", () => {
  const counts = CONSTRAINTS.map((text) => queryCatalog(catalog, parseSpec(text)).length);
  expect(counts.filter((count) => count > 0 && count < PACKAGES / 2).length).toBeGreaterThan(6);
  expect(counts.filter((count) => count >= PACKAGES / 2).length).toBeGreaterThan(3);
  expect(counts).toContain(0);
});
