// A spec node as Spack writes it anew: known members only, each in its place.
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/value.js";
import { nodeToJson } from "../spec/convert-node.js";
import type { SpecNode } from "../spec/node.js";

const MEMBERS = [
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

const FLAGS = new Set(["cflags", "cxxflags", "fflags", "ldflags", "ldlibs", "cppflags"]);

/**
 * The node in version 5 with its members in Spack's order, variants sorted before flags, dependencies by name.
 *
 * Source: `lib/spack/spack/spec.py`, `Spec.to_node_dict`.
 */
export function rewriteNode(node: SpecNode): JsonObject {
  const json = nodeToJson(node);
  const written = new Map<string, Json>();
  for (const member of MEMBERS) {
    const value = json.get(member);
    if (value === undefined || isEmpty(value)) continue;
    written.set(member, rewriteMember(member, value));
  }
  return written;
}

function rewriteMember(member: string, value: Json): Json {
  if (member === "parameters" && isJsonObject(value)) return rewriteParameters(value);
  if (member === "dependencies" && isJsonArray(value)) return [...value].sort(byName);
  return value;
}

function rewriteParameters(parameters: JsonObject): JsonObject {
  const entries = [...parameters].sort(([a], [b]) => compareCodePoints(a, b));
  const variants = entries.filter(([name]) => !FLAGS.has(name));
  const flags = entries.filter(([name]) => FLAGS.has(name));
  return new Map([...variants.map(([name, value]) => [name, rewriteVariant(value)] as const), ...flags]);
}

function rewriteVariant(value: Json): Json {
  if (isJsonArray(value)) return [...new Set(value as readonly string[])].sort(compareCodePoints);
  const word = typeof value === "string" ? value.toUpperCase() : "";
  return word === "TRUE" || word === "FALSE" ? word === "TRUE" : value;
}

function byName(a: Json, b: Json): number {
  const [left, right] = [a, b].map((item) => (isJsonObject(item) ? String(item.get("name")) : ""));
  return compareCodePoints(left ?? "", right ?? "");
}

function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isEmpty(value: Json): boolean {
  return (
    (isJsonArray(value) && value.length === 0) || (isJsonObject(value) && value.size === 0) || value === null
  );
}
