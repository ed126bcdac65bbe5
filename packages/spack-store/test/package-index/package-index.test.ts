// Package indexes match Spack's for the same packages.

import { parseSpecDocument, type SpecDocument } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readBlob, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { buildIndex } from "../../src/package-index/build-index.js";
import { readPackageIndex } from "../../src/package-index/package-index.js";

const layouts = ["spack-1.2/oci-layout-main", "spack-1.2/oci-layout-with-base"];

function readIndex(layout: string): string {
  return readBlob(layout, readLayout(layout).get("index.spack")?.layers[0]?.digest as string);
}

function build(specs: readonly SpecDocument[]): string {
  return Buffer.concat([...buildIndex(specs).chunks()]).toString();
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
    expect(JSON.parse(build(specs))).toEqual(expected);
    expect(JSON.parse(build(specs.reverse()))).toEqual(expected);
  });

  it("is the same when an older one is extended", () => {
    const expected: unknown = JSON.parse(readIndex(layout));
    const specs = readSpecs(layout);
    const old = readPackageIndex(Buffer.from(build(specs.slice(0, 5))), "index.spack");
    const documents = old.packages.map((root) => ({ root, graph: old.graph }));
    expect(JSON.parse(build([...documents, ...specs.slice(5)]))).toEqual(expected);
  });

  it("is read with all its records", () => {
    const index = readPackageIndex(Buffer.from(readIndex(layout)), "index.spack");
    expect(index.version).toBe(8);
    expect(index.packages.map((node) => node.hash).sort()).toEqual(
      readSpecs(layout)
        .map((document) => document.root.hash)
        .sort(),
    );
    for (const [hash, node] of index.graph)
      expect(index.packageOf(hash) === node).toBe(node.external === undefined);
  });
});

describe("readPackageIndex", () => {
  it("reports what is broken, where, and what to do", () => {
    expect(() =>
      readPackageIndex(Buffer.from('{"database":{"version":"8"}}'), "example.com/cache:index.spack"),
    ).toThrow(
      expect.objectContaining({
        code: "ERR_DATABASE_CORRUPT",
        kind: "corrupt",
        place: "example.com/cache:index.spack",
        message: "The index is broken: its 'installs' is missing, not an object.",
        hint: expect.stringContaining("update-index") as string,
      }),
    );
  });

  it("rejects a reference count that is not a number", () => {
    const record = '{"spec":{"name":"zlib","version":"1"},"ref_count":{}}';
    const text = `{"database":{"version":"8","installs":{"aaa":${record}}}}`;
    expect(() => readPackageIndex(Buffer.from(text), "index.spack")).toThrow("ref_count of aaa is an object");
  });
});
