// Formats install databases in their own version.

import {
  formatJson,
  type Json,
  type JsonObject,
  nodeToJson,
  nodeToVersion4Json,
  type SpecNode,
  withoutDirect,
} from "@spack-oci/spack-spec";
import { DATABASE_VERSION, type InstallDatabase, type InstallRecord } from "./record.js";
import { checkDatabaseVersion, checkSpecsFit } from "./writable.js";

type NodeFormat = (node: SpecNode) => JsonObject;

/** How each supported version formats its nodes. */
const nodeFormats: ReadonlyMap<number, NodeFormat> = new Map([
  [7, nodeToVersion4Json],
  [DATABASE_VERSION, databaseNodeJson],
]);

/**
 * The text of `.spack-db/index.json` in the version that the database was read from: compact, with fields in the order
 * of `DEFAULT_INSTALL_RECORD_FIELDS` of `spack/database.py`. Spack 1.0 and later use version 8; 0.21 to 0.23 use
 * version 7, which only differs by nodes of format 4.
 *
 * @throws SpackOciError the errors of {@link checkDatabaseVersion} and {@link checkSpecsFit}
 */
export function formatDatabase(database: InstallDatabase, place?: string): string {
  const { version, graph, records } = database;
  checkDatabaseVersion(version, place);
  checkSpecsFit(version, graph.values(), place);
  const format = nodeFormats.get(version) ?? databaseNodeJson;
  const installs = [...records].map(([hash, record]) => [hash, textOf(record, format)] as const);
  return formatInstalls(installs, version);
}

/** Texts of records, which are values: who changes a database many times formats only what has changed. */
const TEXTS = new WeakMap<InstallRecord, { readonly text: string; readonly format: NodeFormat }>();

function textOf(record: InstallRecord, format: NodeFormat): string {
  const known = TEXTS.get(record);
  if (known?.format === format) return known.text;
  const text = formatJson(recordToJson(record, format(record.spec)));
  TEXTS.set(record, { text, format });
  return text;
}

/** The frame shared by install databases and package indexes; the texts of records are consumed one by one. */
export function formatInstalls(
  installs: Iterable<readonly [string, string]>,
  version = DATABASE_VERSION,
): string {
  const records: string[] = [];
  for (const [hash, record] of installs) records.push(`${formatJson(hash)}:${record}`);
  return `{"database":{"version":"${version}","installs":{${records.join(",")}}}}`;
}

/** A node in a database: version 5, without `direct` on edges (`Database._add`). */
export function databaseNodeJson(node: SpecNode): JsonObject {
  const json = nodeToJson(node);
  const dependencies = json.get("dependencies");
  return dependencies === undefined ? json : new Map(json).set("dependencies", withoutDirect(dependencies));
}

function recordToJson(record: InstallRecord, spec: JsonObject): JsonObject {
  const json = new Map<string, Json>([
    ["spec", spec],
    ["ref_count", BigInt(record.refCount)],
    ["path", record.path],
    ["installed", record.installed],
    ["explicit", record.explicit],
    ["installation_time", record.installationTime],
    ["deprecated_for", record.deprecatedFor],
  ]);
  return record.origin === undefined ? json : json.set("origin", record.origin);
}
