// Reads a package index into a table: every record is checked, and none is kept as JSON.

import { SpackOciError } from "@spack-oci/errors";
import {
  asInteger,
  asObject,
  asString,
  type Json,
  optional,
  readNode,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { brokenIndex, readDatabaseVersion, specfileVersionOf } from "../database/read-installs.js";
import { COLUMN, FLAG, type IndexTable, TableBuilder } from "./index-table.js";
import { JsonScanner, type JsonSource, type ScannedKey } from "./json-scanner.js";
import { PlainRecordReader } from "./plain-record.js";
import { SpecParts } from "./spec-parts.js";

const HINT = "Run `spack-oci update-index` to rebuild it.";

/** Values that enclose a record: the index, its `database` and its `installs`. */
const RECORD_DEPTH = 3;

/** Any index may have this many records, and one more for each {@link BYTES_PER_RECORD}; real ones take 1000 bytes. */
const MAX_RECORDS = 100_000;
const BYTES_PER_RECORD = 200;

/**
 * Reads the text of a package index, versions 5 to 8 (`Database._read_from_file` in `spack/database.py`).
 *
 * @param place the tag or blob that the text comes from
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, also for an index with far more records than Spack writes, or
 *   `ERR_DATABASE_VERSION`
 */
export function scanIndex(text: JsonSource, place: string): IndexTable {
  try {
    return new IndexScan(text, place).table();
  } catch (error) {
    throw brokenIndex(error, place, HINT);
  }
}

/** A record of any form, read from its JSON. */
export function readRecord(
  hash: string,
  value: Json,
  specfileVersion: number,
): { spec: SpecNode; isPackage: boolean } {
  const fields = asObject(value, `the record of ${hash}`);
  const spec = readNode(asObject(fields.get("spec"), `the spec of ${hash}`), specfileVersion, hash);
  optional(fields.get("ref_count"), (count) => asInteger(count, `ref_count of ${hash}`));
  return { spec, isPackage: fields.get("in_buildcache") === true };
}

/** The value of `installs`: where it starts if it is an object, or another value. */
type Installs = { readonly start: number } | { readonly value: Json };

class IndexScan {
  readonly #json: JsonScanner;

  constructor(text: JsonSource, place: string) {
    this.#json = new JsonScanner(text, place);
  }

  table(): IndexTable {
    const json = this.#json;
    if (!json.isAtObject()) asObject(json.value(0), "the index");
    let read: () => IndexTable = () => noDatabase(undefined);
    json.object((key) => {
      if (json.textOf(key) === "database") read = this.#database();
      else json.value(1);
    });
    return read();
  }

  /** Reads `database`. @returns a function that reports what is wrong with its values, which syntax errors precede */
  #database(): () => IndexTable {
    const json = this.#json;
    if (!json.isAtObject()) {
      const value = json.value(1);
      return () => noDatabase(value);
    }
    let version: Json | undefined;
    let installs: Installs | undefined;
    let records: RecordsScan | undefined;
    json.object((key) => {
      const name = json.textOf(key);
      if (name === "version") version = json.value(2);
      else if (name !== "installs") json.value(2);
      else if (json.isAtObject()) {
        installs = { start: json.offset };
        records = new RecordsScan(json, supportedVersion(version));
      } else {
        installs = { value: json.value(2) };
        records = undefined;
      }
    });
    return () => {
      const known = readDatabaseVersion(asString(version, "its version"), json.place);
      if (installs === undefined || "value" in installs) {
        asObject(installs?.value, "its 'installs'");
        throw new Error("an object has no value");
      }
      if (records?.version === known) return records.table();
      json.seek(installs.start);
      return new RecordsScan(json, known).table();
    };
  }
}

function noDatabase(value: Json | undefined): never {
  asObject(value, "its 'database'");
  throw new Error("an object was not read");
}

/** The version, if it comes before the records and is supported; else that of new indexes. */
function supportedVersion(version: Json | undefined): number {
  const number = typeof version === "string" ? Number(version) : Number.NaN;
  return specfileVersionOf(number) === undefined ? 8 : number;
}

/** Reads the records of an index in some version. */
class RecordsScan {
  readonly version: number;
  readonly #specfileVersion: number;
  readonly #json: JsonScanner;
  readonly #builder = new TableBuilder();
  readonly #parts: SpecParts;
  readonly #plain: PlainRecordReader;
  /** What is wrong with records, by their numbers. */
  readonly #errors = new Map<number, SpackOciError>();

  constructor(json: JsonScanner, version: number) {
    this.version = version;
    this.#specfileVersion = specfileVersionOf(version) ?? 5;
    this.#json = json;
    this.#parts = new SpecParts(this.#builder.texts, this.#specfileVersion);
    this.#plain = new PlainRecordReader(this.#builder, this.#parts);
    json.object((key) => this.#record(key));
  }

  /** @throws SpackOciError the error of the first record that has one; a replaced record has none */
  table(): IndexTable {
    const [first] = [...this.#errors].sort(([one], [other]) => one - other);
    if (first !== undefined) throw first[1];
    return this.#builder.finish(this.version);
  }

  #record(key: ScannedKey): void {
    const { texts, recordCount } = this.#builder;
    const json = this.#json;
    if (recordCount > MAX_RECORDS + json.source.size / BYTES_PER_RECORD) throw tooMany(json.place);
    const number = key.isPlain
      ? texts.intern(json.bytes, key.start, key.end)
      : texts.internText(json.textOf(key));
    const start = json.offset;
    const end = this.#specfileVersion < 4 ? -1 : this.#plain.read(json.bytes, json.at, number);
    if (end < 0) this.#otherRecord(number);
    else {
      json.at = end;
      this.#builder.draft[COLUMN.start] = start;
      this.#errors.delete(this.#builder.commit());
    }
  }

  /** A record that is not plain. */
  #otherRecord(key: number): void {
    const { texts, draft } = this.#builder;
    const json = this.#json;
    const start = json.offset;
    const value = json.value(RECORD_DEPTH);
    draft.fill(-1);
    draft[COLUMN.key] = key;
    draft[COLUMN.start] = start;
    draft[COLUMN.length] = json.offset - start;
    draft[COLUMN.firstEdge] = this.#builder.edgeCount;
    let problem: SpackOciError | undefined;
    try {
      const { spec, isPackage } = readRecord(texts.text(key), value, this.#specfileVersion);
      draft[COLUMN.name] = texts.internText(spec.name);
      draft[COLUMN.version] = texts.internText(spec.version);
      draft[COLUMN.flags] =
        (isPackage ? FLAG.isPackage : 0) | (spec.external === undefined ? 0 : FLAG.isExternal);
    } catch (error) {
      if (!(error instanceof SpackOciError)) throw error;
      problem = error;
    }
    draft[COLUMN.endOfEdges] = this.#builder.edgeCount;
    const row = this.#builder.commit();
    if (problem === undefined) this.#errors.delete(row);
    else this.#errors.set(row, problem);
  }
}

function tooMany(place: string): SpackOciError {
  return new SpackOciError("ERR_JSON_SHAPE", "it has more records than fit in memory.", {
    kind: "corrupt",
    place,
  });
}
