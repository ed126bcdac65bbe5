// Reads the specs and records of an install database among the fixtures.

import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { readNode } from "../../src/documents/read-node.js";
import { asNumber, asObject, asString } from "../../src/json/access.js";
import { parseJson } from "../../src/json/parse.js";
import type { RecordedSpecs, SpecRecord } from "../../src/query/catalog.js";

/** The specs and records of an `index.json` below tests/fixtures. */
export function readDatabase(fixture: string): RecordedSpecs {
  const database = asObject(asObject(parseJson(readFixture(fixture)), "file").get("database"), "database");
  const format = Number(asString(database.get("version"), "version")) >= 8 ? 5 : 4;
  const records = new Map<string, SpecRecord>();
  for (const [hash, value] of asObject(database.get("installs"), "installs")) {
    const record = asObject(value, hash);
    const text = (key: string) => (typeof record.get(key) === "string" ? String(record.get(key)) : null);
    records.set(hash, {
      spec: readNode(record.get("spec") ?? null, format, hash),
      path: text("path"),
      installed: record.get("installed") === true,
      explicit: record.get("explicit") === true,
      installationTime: asNumber(record.get("installation_time") ?? 0, "installation_time"),
      deprecatedFor: text("deprecated_for"),
    });
  }
  return { records, graph: new Map([...records].map(([hash, { spec }]) => [hash, spec])) };
}
