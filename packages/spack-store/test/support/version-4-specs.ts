// Specs of formats 4 and 3, as written by Spack 0.23 and older, from the lock files among the oracles.

import { type JsonObject, parseJson } from "@spack-oci/spack-spec";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";

/** Nodes of format 4 by hash: `app` needs `libb` and `tool`. */
export const version4Nodes = nodesOf("02-v5");

/** The same in format 3, where edges have a `type` and no virtuals. */
export const version3Nodes = nodesOf("03-v4");

function nodesOf(lockfile: string): ReadonlyMap<string, JsonObject> {
  const lock = parseJson(readFixture(`oracles/lockfile/${lockfile}/spack.lock`)) as JsonObject;
  return lock.get("concrete_specs") as ReadonlyMap<string, JsonObject>;
}
