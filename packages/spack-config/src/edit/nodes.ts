// Changes the nodes of a YAML document and keeps those that stay the same, with their comments.

import { isMap, isScalar, Pair, Scalar, YAMLMap } from "yaml";
import { isPlainString } from "../yaml/scalar.js";

/** Text, a flag, or a mapping of these; undefined members are left out. */
export type NodeData = string | boolean | { readonly [key: string]: NodeData | undefined };

/** Adds an entry before all others. */
export function addFirst(map: YAMLMap, key: string, data: NodeData): void {
  // The braces of an empty mapping are not a style.
  if (map.items.length === 0) map.flow = false;
  map.items.unshift(pair(key, data));
}

export function deleteKey(map: YAMLMap, key: string): void {
  const deleted = entryOf(map, key);
  map.items = map.items.filter((each) => each !== deleted);
}

/** Gives a known key another value. */
export function changeKey(map: YAMLMap, key: string, data: NodeData): void {
  const entry = entryOf(map, key);
  if (entry === undefined) map.items.push(pair(key, data));
  else if (!isSame(entry.value, data)) entry.value = changed(entry.value, data);
}

function changed(known: unknown, data: NodeData): unknown {
  if (typeof data === "object" && isMap(known)) {
    const members = Object.entries(data).filter(([, value]) => value !== undefined);
    for (const [key, value] of members) changeKey(known as YAMLMap, key, value as NodeData);
    known.items = members.flatMap(([key]) => entryOf(known as YAMLMap, key) ?? []);
    return known;
  }
  const created = node(data);
  if (!isScalar(known)) return created;
  if (created instanceof Scalar) created.comment = known.comment ?? null;
  // What stood behind the value now stands above the values that replace it.
  else created.commentBefore = known.comment ?? null;
  return created;
}

function isSame(known: unknown, data: NodeData): boolean {
  const value = isScalar(known) || isMap(known) ? known.toJSON() : known;
  return JSON.stringify(value) === JSON.stringify(data);
}

function entryOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((each) => textOf(each.key) === key);
}

function textOf(key: unknown): string {
  return String(isScalar(key) ? (key.source ?? key.value) : key);
}

function pair(key: string, data: NodeData): Pair {
  return new Pair(node(key), node(data));
}

function node(data: NodeData): Scalar | YAMLMap {
  if (typeof data === "string") return text(data);
  if (typeof data === "boolean") return new Scalar(data);
  const map = new YAMLMap();
  for (const [key, value] of Object.entries(data)) {
    if (value !== undefined) map.items.push(pair(key, value));
  }
  return map;
}

/** Quoted if Spack's parser would not read it as a string. */
function text(value: string): Scalar<string> {
  const scalar = new Scalar(value);
  if (!isPlainString(value)) scalar.type = Scalar.QUOTE_SINGLE;
  return scalar;
}
