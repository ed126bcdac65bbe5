// Writes an install database as the Spack of its store does.

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

/** How each version that can be written has its nodes. */
const nodeFormats: ReadonlyMap<number, (node: SpecNode) => JsonObject> = new Map([
  [7, nodeToVersion4Json],
  [DATABASE_VERSION, databaseNodeJson],
]);

/**
 * The text of `.spack-db/index.json` in the version that the database was read from: compact, fields in the order of
 * `DEFAULT_INSTALL_RECORD_FIELDS` of `spack/database.py`. Spack 1.0 and later have version 8; 0.21 to 0.23 have
 * version 7, which is the same but for its nodes, of format 4.
 *
 * @throws SpackOciError as {@link checkDatabaseVersion} and {@link checkSpecsFit} do
 */
export function formatDatabase(database: InstallDatabase, place?: string): string {
  const { version, graph, records } = database;
  checkDatabaseVersion(version, place);
  checkSpecsFit(version, graph.values(), place);
  const format = nodeFormats.get(version) ?? databaseNodeJson;
  const installs = [...records].map(
    ([hash, record]) => [hash, recordToJson(record, format(record.spec))] as const,
  );
  return formatInstalls(installs, version);
}

/** The frame that install databases and buildcache indices share; each record is only asked for when it is written. */
export function formatInstalls(
  installs: Iterable<readonly [string, JsonObject]>,
  version = DATABASE_VERSION,
): string {
  const records: string[] = [];
  for (const [hash, record] of installs) records.push(`${formatJson(hash)}:${formatJson(record)}`);
  return `{"database":{"version":"${version}","installs":{${records.join(",")}}}}`;
}

/** A node as databases hold it: in version 5, with edges that do not say `direct` (`Database._add`). */
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
