// The filter finds what Spack finds for the same constraints (queries.json).

import { type Json, parseJson, parseSpec, readNode, type SpecNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readFixture, readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import { decodeCatalog } from "../../src/data/decode-catalog.js";
import { encodeCatalog } from "../../src/data/encode-catalog.js";
import { CatalogFilter } from "../../src/filter/catalog-filter.js";
import { catalogOfSpecs } from "../support/specs.js";

const SPEC_VERSION = 5;
const MACHINE = { host: { platform: "linux", os: "debian12", target: "cascadelake" } };

/** The specs in the install database of the producer. */
function producerSpecs(): ReadonlyMap<string, SpecNode> {
  const database = parseJson(readFixture("spack-1.2/producer/spack-db-index.json")) as ReadonlyMap<
    string,
    Json
  >;
  const installs = (database.get("database") as ReadonlyMap<string, Json>).get("installs");
  const records = [...(installs as ReadonlyMap<string, ReadonlyMap<string, Json>>)];
  return new Map(
    records.map(([hash, record]) => [hash, readNode(record.get("spec") ?? null, SPEC_VERSION, hash)]),
  );
}

const table = decodeCatalog(encodeCatalog(catalogOfSpecs(producerSpecs())));
const filter = new CatalogFilter(table);
const { queries } = readJsonFixture("oracles/queries.json") as {
  queries: { query: string; any?: string[] | object }[];
};

describe("queries", () => {
  // References of git stand for versions that only a package repository knows.
  const cases = queries.filter(({ any, query }) => Array.isArray(any) && !query.includes("git."));
  it.each(cases)("$query", ({ query, any }) => {
    const found = filter.satisfying(parseSpec(query, MACHINE));
    expect(table.hashes.filter((_, row) => found[row] === 1).sort()).toEqual(any);
  });

  it("covers most of them", () => {
    expect(cases.length).toBeGreaterThan(0.8 * queries.length);
  });
});
