// A spec node as rewritten by Spack: only known members, in order.

import {
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  nodeToJson,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { dependencyToJson, NODE_MEMBERS } from "../../../spack-spec/src/hash/convert-node.js";
import type { SpecExternal } from "../../../spack-spec/src/model/node.js";
import { compareCodePoints } from "../../../spack-spec/src/text/compare.js";

const FLAGS = new Set(["cflags", "cxxflags", "fflags", "ldflags", "ldlibs", "cppflags"]);

/**
 * The node in version 5 with its members in Spack's order, variants sorted before flags, dependencies by name.
 *
 * Source: `lib/spack/spack/spec.py`, `Spec.to_node_dict`.
 */
export function rewriteNode(node: SpecNode): JsonObject {
  const json = new Map<string, Json>([...nodeToJson(node), ...rewrittenMembers(node)]);
  const members = NODE_MEMBERS.map((member) => [member, json.get(member)] as const);
  return new Map(members.filter((entry): entry is readonly [string, Json] => !isEmpty(entry[1])));
}

function rewrittenMembers({ parameters, dependencies, external, buildSpec }: SpecNode): [string, Json][] {
  const edges = [...dependencies].sort((a, b) => compareCodePoints(a.name, b.name)).map(dependencyToJson);
  return [
    ["parameters", rewriteParameters(parameters)],
    ["dependencies", edges],
    ["external", external === undefined ? null : rewriteExternal(external)],
    ["build_spec", buildSpec === undefined ? null : new Map(Object.entries(buildSpec))],
  ];
}

function rewriteExternal({ path, modules, extraAttributes }: SpecExternal): JsonObject {
  return new Map<string, Json>([
    ["path", path],
    ["module", modules],
    ["extra_attributes", sortedKeys(extraAttributes)],
  ]);
}

function sortedKeys(value: Json): Json {
  if (isJsonArray(value)) return value.map(sortedKeys);
  if (!isJsonObject(value)) return value;
  const entries = [...value].sort(([a], [b]) => compareCodePoints(a, b));
  return new Map(entries.map(([key, inside]) => [key, sortedKeys(inside)]));
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

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return (isJsonArray(value) && value.length === 0) || (isJsonObject(value) && value.size === 0);
}
