// Reads the frame shared by install databases and package indexes: a version, and installs by hash.

import { SpackOciError } from "@spack-oci/errors";
import {
  asObject,
  asString,
  type JsonObject,
  parseJson,
  readNode,
  type SpecNode,
} from "@spack-oci/spack-spec";

import { DATABASE_VERSION } from "./record.js";

/** The format version of spec nodes by database version (`reader` in `spack/database.py`). */
const SPECFILE_VERSIONS: ReadonlyMap<number, number> = new Map([
  [5, 1],
  [6, 3],
  [7, 4],
  [8, 5],
]);

/** One entry of a database: the spec, and the fields next to it. */
export interface InstallEntry {
  readonly spec: SpecNode;
  readonly fields: JsonObject;
}

/** The result of {@link readInstalls}. */
export interface Installs {
  readonly version: number;
  readonly entries: ReadonlyMap<string, InstallEntry>;
}

/**
 * Reads the text of an install database or package index, versions 5 to 8.
 *
 * @param place the file or tag that the text comes from
 * @param hint what to do about a broken text
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, or `ERR_DATABASE_VERSION` if the version is not supported
 */
export function readInstalls(text: string, place: string, hint: string): Installs {
  try {
    const frame = readFrame(text, place);
    const version = readDatabaseVersion(versionText(frame), place);
    const entries = new Map<string, InstallEntry>();
    for (const [hash, value] of asObject(frame.get("installs"), "its 'installs'")) {
      const fields = asObject(value, `the record of ${hash}`);
      const node = asObject(fields.get("spec"), `the spec of ${hash}`);
      entries.set(hash, { spec: readNode(node, specfileVersionOf(version) ?? 5, hash), fields });
    }
    return { version, entries };
  } catch (error) {
    throw brokenIndex(error, place, hint);
  }
}

/**
 * The error for a text with an error of kind `corrupt`: `ERR_DATABASE_CORRUPT`. Any other error is returned as it is.
 */
export function brokenIndex(error: unknown, place: string, hint: string): unknown {
  if (!(error instanceof SpackOciError) || error.kind !== "corrupt") return error;
  const message = `The index is broken: ${error.message}`;
  return new SpackOciError("ERR_DATABASE_CORRUPT", message, { kind: "corrupt", place, hint, cause: error });
}

/** The format version of spec nodes in a database; undefined if the version of the database is not supported. */
export function specfileVersionOf(version: number): number | undefined {
  return SPECFILE_VERSIONS.get(version);
}

/**
 * Whether an `index.json` has a newer version than the supported ones.
 *
 * @throws SpackOciError `ERR_JSON_SYNTAX`, or `ERR_JSON_SHAPE`
 */
export function isNewerIndex(text: string, place: string): boolean {
  return isNewerVersion(versionText(readFrame(text, place)));
}

function readFrame(text: string, place: string): JsonObject {
  const index = asObject(parseJson(text, { place, allowTrailing: true }), "the index");
  return asObject(index.get("database"), "its 'database'");
}

function versionText(frame: JsonObject): string {
  return asString(frame.get("version"), "its version");
}

/** A version that does not start with a number is assumed to be a future one. */
function isNewerVersion(version: string): boolean {
  const [, major, rest] = /^(\d+)(.*)$/.exec(version) ?? [];
  if (major === undefined) return true;
  return Number(major) > DATABASE_VERSION || (Number(major) === DATABASE_VERSION && rest !== "");
}

/** @throws SpackOciError `ERR_DATABASE_VERSION` if the version is not supported */
export function readDatabaseVersion(text: string, place: string): number {
  const version = Number(text);
  if (SPECFILE_VERSIONS.has(version)) return version;
  throw new SpackOciError("ERR_DATABASE_VERSION", `Index format version ${text} is not supported.`, {
    kind: "unsupported",
    place,
    hint: isNewerVersion(text)
      ? "Written by a newer Spack; try a newer spack-oci."
      : "Written by a very old Spack; convert it with `spack reindex` of a newer one.",
  });
}
