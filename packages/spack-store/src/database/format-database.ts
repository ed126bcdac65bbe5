// Writes an install database as Spack 1.0 and later do.
import { SpackOciError } from "@spack-oci/errors";
import { formatJson } from "../json/format.js";
import type { Json, JsonObject } from "../json/value.js";
import { nodeToJson, withoutDirect } from "../spec/convert-node.js";
import type { SpecNode } from "../spec/node.js";
import { databaseVersion, type InstallDatabase, type InstallRecord } from "./record.js";

/**
 * The text of `.spack-db/index.json`, version 8: compact, fields in the order of `DEFAULT_INSTALL_RECORD_FIELDS` of
 * `spack/database.py`.
 *
 * @throws SpackOciError `ERR_DATABASE_VERSION` if the database was read from another version, because its Spack could
 *   not read it any more
 */
export function formatDatabase(database: InstallDatabase, place?: string): string {
  if (database.version !== databaseVersion) {
    throw new SpackOciError(
      "ERR_DATABASE_VERSION",
      `the database has version ${database.version}, and only version ${databaseVersion} can be written`,
      {
        kind: "unsupported",
        place,
        hint: "`spack reindex` of Spack 1.0 or later converts it; older Spacks cannot read it after that.",
      },
    );
  }
  return formatInstalls([...database.records].map(([hash, record]) => [hash, recordToJson(record)]));
}

/** The frame that install databases and buildcache indices share. */
export function formatInstalls(installs: Iterable<readonly [string, JsonObject]>): string {
  const database = new Map<string, Json>([
    ["version", String(databaseVersion)],
    ["installs", new Map(installs)],
  ]);
  return formatJson(new Map([["database", database]]));
}

/** A node as databases hold it: in version 5, with edges that do not say `direct` (`Database._add`). */
export function databaseNodeJson(node: SpecNode): JsonObject {
  const json = nodeToJson(node);
  const dependencies = json.get("dependencies");
  return dependencies === undefined ? json : new Map(json).set("dependencies", withoutDirect(dependencies));
}

function recordToJson(record: InstallRecord): JsonObject {
  const json = new Map<string, Json>([
    ["spec", databaseNodeJson(record.spec)],
    ["ref_count", BigInt(record.refCount)],
    ["path", record.path],
    ["installed", record.installed],
    ["explicit", record.explicit],
    ["installation_time", record.installationTime],
    ["deprecated_for", record.deprecatedFor],
  ]);
  return record.origin === undefined ? json : json.set("origin", record.origin);
}
