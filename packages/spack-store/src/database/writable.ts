// Checks which databases can be written, and which specs they can contain.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";

import { DATABASE_VERSION } from "./record.js";

/** The newest spec format supported by each writable version (`reader` in `spack/database.py`). */
const NEWEST_SPECS: ReadonlyMap<number, number> = new Map([
  [7, 4],
  [DATABASE_VERSION, 5],
]);

/**
 * Rejects versions that cannot be written, because their Spacks could not read the result.
 *
 * @throws SpackOciError `ERR_DATABASE_VERSION` if `version` is neither 7 nor 8
 */
export function checkDatabaseVersion(version: number, place?: string): void {
  if (NEWEST_SPECS.has(version)) return;
  const writable = [...NEWEST_SPECS.keys()].join(" and ");
  throw new SpackOciError(
    "ERR_DATABASE_VERSION",
    `The database has version ${version}; only versions ${writable} can be written.`,
    {
      kind: "unsupported",
      place,
      hint: "Convert it with `spack reindex` of Spack 1.0 or later; older Spacks cannot read it afterwards.",
    },
  );
}

/**
 * Rejects specs that the Spack of a database cannot read: specs of format 5, whose compilers are dependencies, for a
 * database of version 7 (`SpecfileV4` in `spack/spec.py` of Spack 0.23 would lose the compilers).
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
      `${spec} has spec format ${node.specfileVersion}; a database of version ${version} supports at most ${newest}.`,
      {
        kind: "unsupported",
        place,
        hint: "The Spack of this store is older than the packages; use a store of Spack 1.0 or later.",
      },
    );
  }
}
