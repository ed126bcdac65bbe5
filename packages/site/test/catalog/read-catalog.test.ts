// What is kept of an older site, and what is not.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../../tests/support/scratch.js";
import { syntheticCatalog } from "../../../../tests/support/synthetic-catalog.js";
import { readSiteCatalog } from "../../src/catalog/read-catalog.js";

const scratch = scratchDirectory("read-catalog");
const catalog = syntheticCatalog(3);
const file = join(scratch, "catalog.json");

beforeEach(() => writeFileSync(file, JSON.stringify(catalog)));

describe("the catalog of an older site", () => {
  it("is read", () => {
    expect(readSiteCatalog(scratch)).toEqual(catalog);
  });

  it.each([
    ["is not JSON", "{"],
    ["has another version", JSON.stringify({ ...catalog, version: 2 })],
    ["has no packages", JSON.stringify({ ...catalog, packages: undefined })],
    [
      "has half of an image",
      JSON.stringify({ ...catalog, packages: [{ tag: "x", image: { manifest: "sha256:0" } }] }),
    ],
    ["is something else", "null"],
  ])("is ignored if it %s", (_, text) => {
    writeFileSync(file, text);
    expect(readSiteCatalog(scratch)).toBeUndefined();
  });

  it("need not exist", () => {
    expect(readSiteCatalog(join(scratch, "missing"))).toBeUndefined();
  });
});
