// Converts nodes of old formats to version 5 and back: Spack writes the new format, but hashes cover the old one.

import type { Json, JsonObject } from "../json/value.js";
import type { SpecDependency, SpecNode } from "../model/node.js";

/** The members of a node in the order in which Spack writes them (`Spec.to_node_dict` in `spack/spec.py`). */
export const NODE_MEMBERS: readonly string[] = [
  "name",
  "version",
  "versions",
  "arch",
  "namespace",
  "parameters",
  "external",
  "patches",
  "package_hash",
  "dependencies",
  "build_spec",
  "annotations",
  "hash",
];

/**
 * The node as Spack 1.0 and later write it, in version 5: with its `hash` last. A node read from version 5 is returned
 * unchanged; older ones lose `compiler` and gain `annotations` (`Spec.to_node_dict` in `spack/spec.py`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { formatJson, nodeToJson, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(formatJson(nodeToJson(root)).startsWith('{"name":"margo-lite"')); // true
 * ```
 */
export function nodeToJson(node: SpecNode): JsonObject {
  if (node.specfileVersion >= 5) return withHashLast(node.json, node.hash);
  const converted = new Map(node.json)
    .set("annotations", annotationsToJson(node))
    .set("dependencies", node.dependencies.map(dependencyToJson));
  if (node.dependencies.length === 0) converted.delete("dependencies");
  if (node.buildSpec) converted.set("build_spec", new Map(Object.entries(node.buildSpec)));

  converted.set("name", node.name).set("hash", node.hash);
  const result = new Map<string, Json>();
  for (const member of NODE_MEMBERS) {
    const value = converted.get(member);
    if (value !== undefined) result.set(member, value);
  }
  return result;
}

/**
 * The node as Spack 0.21 to 0.23 write it, in version 4 (their `Spec.to_node_dict` in `spack/spec.py`). A node read
 * from version 4 is returned unchanged; older ones get the edges of version 4. Nodes of version 5 cannot be converted.
 */
export function nodeToVersion4Json(node: SpecNode): JsonObject {
  if (node.specfileVersion === 4) return withHashLast(node.json, node.hash);
  return revertSpecFormat(nodeToJson(node), node.annotations.compiler);
}

/** An edge as version 5 writes it. */
export function dependencyToJson(dependency: SpecDependency): JsonObject {
  const parameters = new Map<string, Json>([
    ["deptypes", dependency.deptypes],
    ["virtuals", dependency.virtuals],
  ]);
  if (dependency.direct) parameters.set("direct", true);
  return new Map<string, Json>([
    ["name", dependency.name],
    ["hash", dependency.hash],
    ["parameters", parameters],
  ]);
}

/**
 * A node of version 4 as it was before it was converted to version 5: without annotations, with `compiler` after
 * `arch`, and without `direct` on edges. Its hash covers this form.
 */
export function revertSpecFormat(json: JsonObject, compiler: string | undefined): JsonObject {
  const result = new Map<string, Json>();
  for (const [key, value] of json) {
    if (key === "annotations") continue;
    result.set(key, key === "dependencies" ? withoutDirect(value) : value);
    if (key === "arch" && compiler !== undefined) result.set("compiler", compilerToJson(compiler));
  }
  return result;
}

/** The list of dependencies without `direct`. */
export function withoutDirect(dependencies: Json): Json {
  return (dependencies as readonly JsonObject[]).map((dependency) => {
    const parameters = new Map(dependency.get("parameters") as JsonObject);
    parameters.delete("direct");
    return new Map(dependency).set("parameters", parameters);
  });
}

function withHashLast(json: JsonObject, hash: string): JsonObject {
  if (json.get("hash") === hash) return json;
  const result = new Map(json);
  result.delete("hash");
  return result.set("hash", hash);
}

function annotationsToJson(node: SpecNode): JsonObject {
  return new Map<string, Json>([
    ["original_specfile_version", BigInt(node.annotations.originalSpecfileVersion)],
    ["compiler", node.annotations.compiler ?? "None"],
  ]);
}

function compilerToJson(compiler: string): JsonObject {
  const [name = "", version = ""] = compiler.split(/@=?/);
  return new Map([
    ["name", name],
    ["version", version],
  ]);
}
