// Package indexes match Spack's for the same packages.

import { parseSpecDocument, type SpecDocument } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readBlob, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { buildIndexDocument, readIndexDocument } from "../../src/database/index-document.js";

const layouts = ["spack-1.2/oci-layout-main", "spack-1.2/oci-layout-with-base"];

function readIndex(layout: string): string {
  return readBlob(layout, readLayout(layout).get("index.spack")?.layers[0]?.digest as string);
}

function readSpecs(layout: string): SpecDocument[] {
  return [...readLayout(layout)]
    .map(([, manifest]) => readBlob(layout, manifest.config.digest))
    .filter((config) => "spec" in (JSON.parse(config) as object))
    .map((config) => parseSpecDocument(config));
}

describe.each(layouts)("the index of %s", (layout) => {
  it("matches Spack's for any order of packages", () => {
    const expected: unknown = JSON.parse(readIndex(layout));
    const specs = readSpecs(layout);
    expect(JSON.parse(buildIndexDocument(specs))).toEqual(expected);
    expect(JSON.parse(buildIndexDocument(specs.reverse()))).toEqual(expected);
  });

  it("is the same when an older one is extended", () => {
    const expected: unknown = JSON.parse(readIndex(layout));
    const specs = readSpecs(layout);
    const old = readIndexDocument(buildIndexDocument(specs.slice(0, 5)), "index.spack");
    const known = [...old.records.values()].filter((record) => record.inBuildcache);
    const documents = known.map((record) => ({ root: record.spec, graph: old.graph }));
    expect(JSON.parse(buildIndexDocument([...documents, ...specs.slice(5)]))).toEqual(expected);
  });

  it("is read with all its records", () => {
    const index = readIndexDocument(readIndex(layout), "index.spack");
    const pushed = [...index.records.values()].filter((record) => record.inBuildcache);
    expect(index.version).toBe(8);
    expect(pushed.map((record) => record.spec.hash).sort()).toEqual(
      readSpecs(layout)
        .map((document) => document.root.hash)
        .sort(),
    );
    for (const record of index.records.values()) {
      expect(record.inBuildcache).toBe(record.spec.external === undefined);
    }
  });
});

describe("readIndexDocument", () => {
  it("reports what is broken, where, and what to do", () => {
    expect(() => readIndexDocument('{"database":{"version":"8"}}', "example.com/cache:index.spack")).toThrow(
      expect.objectContaining({
        code: "ERR_DATABASE_CORRUPT",
        kind: "corrupt",
        place: "example.com/cache:index.spack",
        message: "The index is broken: its 'installs' is missing, not an object.",
        hint: expect.stringContaining("update-index") as string,
      }),
    );
  });
});
