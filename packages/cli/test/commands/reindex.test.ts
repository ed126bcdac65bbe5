// Options and results of spack-oci reindex.

import { expect, it } from "vitest";
import { reindexCommand, renderReindex } from "../../src/commands/reindex.js";
import { named } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";

const records = (...names: readonly string[]) => names.map((name) => ({ spec: named(name) }));
const NOTHING = { found: [], added: [], missing: [], previousVersion: undefined, backup: undefined };

it("has these options, in this order", () => {
  expect(flagsOf(reindexCommand)).toEqual(["--store <dir>"]);
});

it("takes a store", async () => {
  expect(await parse(reindexCommand)).toEqual({ store: undefined });
  expect(await parse(reindexCommand, "--store", "/opt")).toEqual({ store: "/opt" });
});

it("lists added and missing packages", () => {
  const result = {
    ...NOTHING,
    found: records("zlib", "app"),
    added: records("zlib"),
    missing: records("mpi"),
  };
  expect(renderReindex(result)).toEqual({
    lines: ["added zlib@1.0/zlibxxx", "marked mpi@1.0/mpixxxx as missing", "Found 2 packages."],
    json: {
      found: 2,
      added: [named("zlib")],
      missing: [named("mpi")],
      previousVersion: undefined,
      backup: undefined,
    },
    status: 0,
  });
});

it("names the old database, and warns if older Spacks cannot read the new one", () => {
  const lines = (previousVersion: number) =>
    renderReindex({ ...NOTHING, previousVersion, backup: "/opt/index.json.old" }).lines;
  const found = "Found 0 packages; the old database is /opt/index.json.old.";
  expect(lines(8)).toEqual([found]);
  expect(lines(7)).toEqual([
    "The database now has version 8, which Spack versions before 1.0 cannot read.",
    found,
  ]);
});
