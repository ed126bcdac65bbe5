// What is encoded can be decoded, and is small.

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { syntheticCatalog } from "../../../../tests/support/synthetic-catalog.js";
import type { SiteSpec } from "../../src/catalog/site-catalog.js";
import { decodeEntries, encodeEntries } from "../../src/data/columns.js";
import { type CatalogTable, decodeCatalog } from "../../src/data/decode-catalog.js";
import { encodeCatalog } from "../../src/data/encode-catalog.js";
import { catalogWith, packageWith } from "../support/specs.js";

describe("numbers of entries", () => {
  it("survive for every dictionary in the order of first use", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), (values) => {
        const order = [...new Set(values)];
        const entries = values.map((value) => order.indexOf(value));
        expect([...decodeEntries(encodeEntries(entries))]).toEqual(entries);
      }),
    );
  });
});

/** A row as a spec, from the columns alone. */
function specAt(table: CatalogTable, row: number): Omit<SiteSpec, "tag"> {
  const edges = Array.from(
    { length: (table.firstEdge[row + 1] ?? 0) - (table.firstEdge[row] ?? 0) },
    (_, at) => (table.firstEdge[row] ?? 0) + at,
  );
  const set = table.parameterSets[table.parameters[row] ?? -1];
  return {
    name: table.names[table.name[row] ?? -1] as string,
    version: table.versions[table.version[row] ?? -1] as string,
    hash: table.hashes[row] as string,
    namespace: table.namespaces[table.namespace[row] ?? -1] as string,
    architecture: table.architectures[table.architecture[row] ?? -1] as SiteSpec["architecture"],
    parameters: set?.values as SiteSpec["parameters"],
    propagated: set?.propagated ?? [],
    patches: set?.patches ?? [],
    external: table.external[row] === 1,
    origin: table.origins[table.origin[row] ?? -1] as SiteSpec["origin"],
    dependencies: edges.map((edge) => ({
      hash: table.hashes[table.edgeTarget[edge] ?? -1] as string,
      ...(table.edgeKinds[table.edgeKind[edge] ?? -1] as Omit<SiteSpec["dependencies"][number], "hash">),
    })),
  };
}

describe("columns", () => {
  it("hold every spec", () => {
    const catalog = syntheticCatalog(300);
    const table = decodeCatalog(JSON.parse(JSON.stringify(encodeCatalog(catalog))));
    const specs = [...catalog.packages.map(({ tag, image, ...spec }) => spec), ...catalog.others];
    expect(specs.map((_, row) => specAt(table, row))).toEqual(specs);
    expect([...table.size]).toEqual(catalog.packages.map(({ image }) => image?.layer.size));
  });

  it("lead back from a dependency to its dependents", () => {
    const table = decodeCatalog(encodeCatalog(syntheticCatalog(300)));
    const forward = [...table.edgeTarget].map((target, edge) => `${table.edgeSource[edge]} ${target}`);
    const back: string[] = [];
    for (let row = 0; row < table.rows; row += 1)
      for (let at = table.firstDependent[row] ?? 0; at < (table.firstDependent[row + 1] ?? 0); at += 1)
        back.push(`${table.edgeSource[table.dependentEdges[at] ?? -1]} ${row}`);
    expect(back.sort()).toEqual(forward.sort());
  });

  it("hold what is odd: hashes of any length, no image, and dependencies that are missing", () => {
    const odd = packageWith({
      name: "odd",
      hash: "short",
      architecture: null,
      dependencies: [{ hash: "gone", types: ["link"], virtuals: [], direct: false }],
    });
    const table = decodeCatalog(encodeCatalog(catalogWith([odd, packageWith({ name: "plain" })])));
    expect(table.hashes).toEqual(["short", "plain".padEnd(32, "a")]);
    expect(table.edgeTarget).toHaveLength(0);
    expect([table.size[0], table.packed[0], table.roots[table.root[0] ?? -1]]).toEqual([-1, -1, null]);
  });

  it("take less than 60 bytes a package, compressed", () => {
    const count = 5000;
    const text = JSON.stringify(encodeCatalog(syntheticCatalog(count)));
    expect(gzipSync(text, { level: 9 }).length / count).toBeLessThan(60);
  });
});
