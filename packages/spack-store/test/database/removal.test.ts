// Records are removed, and their dependents and unused ones found, as in a slow but obviously correct model.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { countReferences } from "../../src/database/count-references.js";
import { installedDependents } from "../../src/database/installed-dependents.js";
import { parseDatabase } from "../../src/database/read-database.js";
import { databaseOf, type InstallDatabase, type InstallRecord } from "../../src/database/record.js";
import { removeRecord } from "../../src/database/remove-record.js";
import { unusedRecords } from "../../src/database/unused-records.js";

const sample = parseDatabase(readFixture("spack-1.2/producer/spack-db-index.json"), "index.json");
const hashes = [...sample.records.keys()];
const someHashes = fc.uniqueArray(fc.constantFrom(...hashes));

/** Whether `from` needs `to` by edges that count, directly or not. */
function reaches(
  { records }: InstallDatabase,
  [from, to]: [string, string],
  types: readonly string[],
): boolean {
  const edges = records.get(from)?.spec.dependencies ?? [];
  const counting = edges.filter(({ deptypes }) => deptypes.some((type) => types.includes(type)));
  return counting.some(
    ({ hash }) => hash === to || reaches({ records } as InstallDatabase, [hash, to], types),
  );
}

const hashesOf = (records: readonly InstallRecord[]) => records.map(({ spec }) => spec.hash).sort();

describe("removeRecord", () => {
  it("keeps what others depend on as not installed, and counts references right", () => {
    fc.assert(
      fc.property(someHashes, (removed) => {
        const database = removed.reduce(removeRecord, sample);
        expect(database.records).toEqual(countReferences(database.records));
        for (const [hash, { installed, refCount }] of database.records) {
          expect(installed).toBe(!removed.includes(hash));
          expect(installed || refCount > 0).toBe(true);
        }
        for (const hash of hashes) if (!removed.includes(hash)) expect(database.records.has(hash)).toBe(true);
      }),
    );
  });

  it("leaves nothing if everything is removed, in any order", () => {
    const everything = fc.shuffledSubarray(hashes, { minLength: hashes.length });
    fc.assert(
      fc.property(everything, (removed) => {
        expect(removed.reduce(removeRecord, sample).records.size).toBe(0);
      }),
    );
  });

  it("drops the reference of a deprecated spec to its replacement", () => {
    const [old = "", replacement = ""] = ["1.21.1", "1.22.0"].map((version) =>
      hashes.find((hash) => sample.graph.get(hash)?.version === version),
    );
    const records = new Map(sample.records);
    const change = (hash: string, changes: Partial<InstallRecord>) =>
      records.set(hash, { ...(records.get(hash) as InstallRecord), ...changes });
    change(old, { installed: false, deprecatedFor: replacement, refCount: 0 });
    change(replacement, { refCount: 5 });
    const database = removeRecord(databaseOf(records), old);
    expect(database.records.has(old)).toBe(false);
    expect(database.records.get(replacement)?.refCount).toBe(4);
  });

  it("leaves a database without the spec alone", () => {
    expect(removeRecord(sample, "unknown")).toBe(sample);
  });
});

describe("installedDependents", () => {
  it("finds what needs a package at run time, through packages that are not installed", () => {
    fc.assert(
      fc.property(someHashes, someHashes, (of, missing) => {
        const database = missing.reduce(
          (records, hash) => records.set(hash, { ...(records.get(hash) as InstallRecord), installed: false }),
          new Map(sample.records),
        );
        const expected = hashes.filter(
          (hash) =>
            !of.includes(hash) &&
            !missing.includes(hash) &&
            of.some((each) => reaches(sample, [hash, each], ["link", "run"])),
        );
        expect(hashesOf(installedDependents(databaseOf(database), of))).toEqual(expected.sort());
      }),
    );
  });
});

describe("unusedRecords", () => {
  it("finds what no root reaches", () => {
    const types = fc.constantFrom(["link", "run"] as const, ["link", "run", "build"] as const);
    fc.assert(
      fc.property(someHashes, types, (roots, deptypes) => {
        const expected = hashes.filter(
          (hash) => !roots.includes(hash) && !roots.some((root) => reaches(sample, [root, hash], deptypes)),
        );
        const found = unusedRecords(sample, { roots: new Set(roots), deptypes });
        expect(hashesOf(found)).toEqual(expected.sort());
      }),
    );
  });

  it("takes the packages that users asked for as roots", () => {
    const found = unusedRecords(sample, { deptypes: ["link", "run"] });
    expect(found.map(({ spec }) => spec.name).sort()).toEqual(["build-tool-lite", "compiler-wrapper", "gcc"]);
  });
});
