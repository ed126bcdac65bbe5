// Reads the dependencies of a spec node in every format that Spack has used.

import { asArray, asObject, asString, asStrings } from "../json/access.js";
import { isJsonArray, type Json, type JsonObject } from "../json/value.js";
import { ALL_DEPENDENCY_TYPES, type DependencyType } from "../model/dependency-types.js";
import { NODE_HASH_KEYS, type SpecDependency } from "../model/node.js";

/**
 * Reads `dependencies` of a node: an object by name (version 1), or a list whose items have `type` (2, 3) or
 * `parameters` (4, 5), as the `SpecfileV1` to `SpecfileV5` readers of `spack/spec.py` do.
 *
 * Hashes are returned as written; documents of version 2 may refer to nodes by `build_hash`.
 *
 * @throws SpackOciError `ERR_JSON_SHAPE`
 */
export function readDependencies(
  dependencies: Json | undefined,
  version: number,
  parent: string,
): readonly SpecDependency[] {
  if (dependencies === undefined) return [];
  const what = `the dependencies of ${parent}`;
  if (version > 1)
    return asArray(dependencies, what).map((item) => readOne(asObject(item, what), version, what));
  const result: SpecDependency[] = [];
  for (const [name, item] of asObject(dependencies, what)) {
    result.push(readOne(new Map([["name", name as Json], ...asObject(item, what)]), version, what));
  }
  return result;
}

function readOne(item: JsonObject, version: number, what: string): SpecDependency {
  const name = asString(item.get("name"), `a name in ${what}`);
  const key = NODE_HASH_KEYS.find((candidate) => item.has(candidate)) ?? "hash";
  const hash = asString(item.get(key), `the hash of ${name} in ${what}`);
  if (version < 4) {
    const deptypes = readDependencyTypes(item.get("type"), `the type of ${name} in ${what}`);
    return { name, hash, deptypes, virtuals: [], direct: true };
  }
  const parameters = asObject(item.get("parameters"), `the parameters of ${name} in ${what}`);
  return {
    name,
    hash,
    deptypes: readDependencyTypes(parameters.get("deptypes"), `the deptypes of ${name} in ${what}`),
    virtuals: [
      ...new Set(asStrings(parameters.get("virtuals"), `the virtuals of ${name} in ${what}`)),
    ].sort(),
    direct: version < 5 || parameters.get("direct") === true,
  };
}

function readDependencyTypes(value: Json | undefined, what: string): readonly DependencyType[] {
  const names = isJsonArray(value) ? asStrings(value, what) : [asString(value, what)];
  return ALL_DEPENDENCY_TYPES.filter((type) => names.includes(type) || names.includes("all"));
}
