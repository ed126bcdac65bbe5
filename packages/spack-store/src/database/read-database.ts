// Reads the install database of a store.

import { asInteger, asNumber, asString, type JsonObject, optional } from "@spack-oci/spack-spec";
import { type InstallEntry, readInstalls } from "./read-installs.js";
import { databaseOf, type InstallDatabase, type InstallRecord } from "./record.js";

const HINT = "Run `spack reindex` to rebuild it from the installed packages.";

/**
 * Reads the text of `.spack-db/index.json`, versions 5 to 8 (`Database._read_from_file` in `spack/database.py`).
 *
 * @param place the file that the text comes from
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, or `ERR_DATABASE_VERSION`
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseDatabase } from "@spack-oci/spack-store";
 *
 * const { records } = parseDatabase(readFileSync("index.json", "utf8"), "index.json");
 * console.log([...records.values()].some(({ spec }) => spec.name === "margo-lite")); // true
 * ```
 */
export function parseDatabase(text: string, place: string): InstallDatabase {
  const { version, entries } = readInstalls(text, place, HINT);
  const records = new Map<string, InstallRecord>();
  for (const [hash, entry] of entries) records.set(hash, readRecord(hash, entry));
  return databaseOf(records, version);
}

function readRecord(hash: string, { spec, fields }: InstallEntry): InstallRecord {
  const string = (key: string) => optional(fields.get(key), (value) => asString(value, `${key} of ${hash}`));
  const origin = string("origin");
  return {
    spec,
    refCount: optional(fields.get("ref_count"), (value) => asInteger(value, `ref_count of ${hash}`)) ?? 0,
    path: readPath(fields, string("path")),
    installed: fields.get("installed") === true,
    explicit: fields.get("explicit") === true,
    installationTime:
      optional(fields.get("installation_time"), (value) => asNumber(value, `installation_time of ${hash}`)) ??
      0,
    deprecatedFor: string("deprecated_for") ?? null,
    ...(origin === undefined ? {} : { origin }),
  };
}

/** In old databases, the path of externals is the text "None". */
function readPath(fields: JsonObject, path: string | undefined): string | null {
  return path === undefined || fields.get("path") === "None" ? null : path;
}
