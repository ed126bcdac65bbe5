// Tells which databases can be written, and which specs each can hold, before anything is written.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";

import { DATABASE_VERSION } from "./record.js";

/** The newest format of specs that each writable version holds (`reader` in `spack/database.py`). */
const NEWEST_SPECS: ReadonlyMap<number, number> = new Map([
  [7, 4],
  [DATABASE_VERSION, 5],
]);

/**
 * Refuses versions that cannot be written: their Spacks could not read what is written here.
 *
 * @throws SpackOciError `ERR_DATABASE_VERSION` if `version` is neither 7 nor 8
 */
export function checkDatabaseVersion(version: number, place?: string): void {
  if (NEWEST_SPECS.has(version)) return;
  const writable = [...NEWEST_SPECS.keys()].join(" and ");
  throw new SpackOciError(
    "ERR_DATABASE_VERSION",
    `the database has version ${version}, and only versions ${writable} can be written`,
    {
      kind: "unsupported",
      place,
      hint: "`spack reindex` of Spack 1.0 or later converts it; older Spacks cannot read it after that.",
    },
  );
}

/**
 * Refuses specs that the Spack of a database cannot read: those of format 5, which have compilers among their
 * dependencies, for a database of version 7 (`SpecfileV4` in `spack/spec.py` of Spack 0.23 would lose the compilers).
 *
 * @throws SpackOciError `ERR_DATABASE_TOO_OLD` if one of `nodes` is too new for a database of this version
 */
export function checkSpecsFit(version: number, nodes: Iterable<SpecNode>, place?: string): void {
  const newest = NEWEST_SPECS.get(version) ?? 0;
  for (const node of nodes) {
    if (node.specfileVersion <= newest) continue;
    const spec = `${node.name}@${node.version}/${node.hash.slice(0, 7)}`;
    throw new SpackOciError(
      "ERR_DATABASE_TOO_OLD",
      `${spec} is a spec of format ${node.specfileVersion}, and a database of version ${version} holds none newer than ${newest}`,
      {
        kind: "unsupported",
        place,
        hint: "The Spack of this store is older than the packages; use the store of a Spack 1.0 or later.",
      },
    );
  }
}
