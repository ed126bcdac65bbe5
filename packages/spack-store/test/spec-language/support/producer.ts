// The producer's install database among the fixtures, as nodes.
import { asObject, asString } from "../../../src/json/access.js";
import { parseJson } from "../../../src/json/parse.js";
import type { SpecGraph, SpecNode } from "../../../src/spec/node.js";
import { readNode } from "../../../src/spec/read-node.js";
import { readFixture } from "../../support/fixtures.js";

interface Record {
  readonly node: SpecNode;
  readonly path: string | undefined;
  readonly explicit: boolean;
  readonly installed: boolean;
}

function readRecords(): ReadonlyMap<string, Record> {
  const text = readFixture("spack-1.2/producer/spack-db-index.json");
  const database = asObject(asObject(parseJson(text), "file").get("database"), "database");
  const version = Number(asString(database.get("version"), "version")) >= 8 ? 5 : 4;
  const records = [...asObject(database.get("installs"), "installs")].map(([hash, value]) => {
    const record = asObject(value, hash);
    const path = record.get("path");
    return [
      hash,
      {
        node: readNode(record.get("spec") ?? null, version, hash),
        path: typeof path === "string" ? path : undefined,
        explicit: record.get("explicit") === true,
        installed: record.get("installed") === true,
      },
    ] as const;
  });
  return new Map(records);
}

const records = readRecords();

export const graph: SpecGraph = new Map([...records].map(([hash, record]) => [hash, record.node]));

export const prefixOf = (hash: string) => records.get(hash)?.path;
