// Turns the nodes of a YAML document into configuration values.

import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { badYaml } from "./bad-yaml.js";
import { resolvePlain } from "./scalar.js";
import type { ConfigEntry, ConfigKey, ConfigScalar, ConfigValue, Mark } from "./value.js";

type MaybeNode = unknown;

/** A document being converted. */
export interface Source {
  readonly file: string;
  readonly content: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** The values of anchored nodes, which aliases share; undefined while they are converted. */
  readonly anchored: Map<MaybeNode, ConfigValue | undefined>;
}

/**
 * The value of a node.
 *
 * @throws SpackOciError `ERR_CONFIG_FILE` for a duplicate or non-scalar key, and an unknown alias.
 */
export function convert(node: MaybeNode, source: Source): ConfigValue {
  if (isAlias(node)) return convertAlias(node, source);
  source.anchored.set(node, undefined);
  const value = convertNode(node, source);
  source.anchored.set(node, value);
  return value;
}

function convertAlias(alias: Alias, source: Source): ConfigValue {
  const value = source.anchored.get(resolveAlias(alias, source));
  if (value !== undefined) return value;
  throw badYaml({ file: source.file, line: undefined }, `the alias '${alias.source}' refers to itself`);
}

function convertNode(node: MaybeNode, source: Source): ConfigValue {
  const mark = markOf(node, source);
  if (isMap(node))
    return { kind: "map", entries: convertEntries(node, source), flow: node.flow === true, mark };
  if (isSeq(node)) {
    return {
      kind: "list",
      items: node.items.map((item) => colonScalar(item, source) ?? convert(item, source)),
      flow: node.flow === true,
      mark,
    };
  }
  if (isScalar(node)) return convertScalar(node, mark);
  return { kind: "scalar", type: "null", value: null, mark };
}

function resolveAlias(alias: Alias, { document, file }: Source): MaybeNode {
  const target = alias.resolve(document);
  if (target === undefined)
    throw badYaml({ file, line: undefined }, `found undefined alias '${alias.source}'`);
  return target;
}

/**
 * The string `clang@3:` of `[gcc, clang@3:]`. Standard YAML reads a mapping there; Spack's parser requires white space
 * after a colon.
 */
function colonScalar(item: MaybeNode, source: Source): ConfigScalar | undefined {
  const pair = isMap(item) && item.items.length === 1 ? item.items[0] : undefined;
  const key = pair?.key;
  if (!isScalar(key) || key.type !== "PLAIN" || !isNothing(pair?.value)) return undefined;
  const end = key.range?.[1] ?? 0;
  if (!/^:[,\]]/.test(source.content.slice(end, end + 2))) return undefined;
  const text = withoutColon(`${key.value}:`);
  return { kind: "scalar", type: "string", value: text, mark: markOf(key, source) };
}

function isNothing(node: MaybeNode): boolean {
  return (
    node === null || node === undefined || (isScalar(node) && node.type === "PLAIN" && node.value === "")
  );
}

function convertScalar(node: Scalar, mark: Mark): ConfigScalar {
  const text = String(node.value ?? "");
  const scalar = scalarOfTag(node, text);
  return {
    kind: "scalar",
    ...scalar,
    value: scalar.type === "string" ? withoutColon(text) : scalar.value,
    mark,
  };
}

function scalarOfTag(node: Scalar, text: string): Pick<ConfigScalar, "type" | "value"> {
  const tag = node.tag?.replace("tag:yaml.org,2002:", "!!");
  if (tag === "!!str" || (tag === undefined && node.type !== "PLAIN")) return { type: "string", value: text };
  if (tag === undefined || /^!!(?:int|float|bool|null)$/.test(tag)) return resolvePlain(text);
  return { type: "other", value: text };
}

function convertEntries(node: YAMLMap, source: Source): Map<string, ConfigEntry> {
  const entries = new Map<string, ConfigEntry>();
  const inherited: ConfigValue[] = [];
  for (const pair of node.items) {
    if (isScalar(pair.key) && pair.key.type === "PLAIN" && pair.key.value === "<<") {
      inherited.push(convert(pair.value, source));
      continue;
    }
    const key = convertKey(pair.key, source);
    if (entries.has(key.text))
      throw badYaml(key.mark ?? { file: source.file, line: undefined }, `found duplicate key '${key.text}'`);
    entries.set(key.text, { key, value: convert(pair.value, source) });
  }
  for (const entry of inherited.flatMap(mergedEntries)) {
    if (!entries.has(entry.key.text)) entries.set(entry.key.text, entry);
  }
  return entries;
}

function mergedEntries(value: ConfigValue): ConfigEntry[] {
  if (value.kind === "list") return value.items.flatMap(mergedEntries);
  return value.kind === "map" ? [...value.entries.values()] : [];
}

function convertKey(node: MaybeNode, source: Source): ConfigKey {
  const resolved = isAlias(node) ? resolveAlias(node, source) : node;
  const mark = markOf(node, source);
  if (!isScalar(resolved)) throw badYaml(mark, "a key must be a scalar");
  if (resolved === node) source.anchored.set(node, convertScalar(resolved, mark));
  const raw = String(resolved.value ?? "");
  const isString = scalarOfTag(resolved, raw).type === "string";
  const text = isString ? withoutColon(raw) : raw;
  return { text, isString, override: text !== raw, mark };
}

function withoutColon(text: string): string {
  return text.endsWith(":") && !text.includes("@") ? text.slice(0, -1) : text;
}

function markOf(node: MaybeNode, { file, lines }: Source): Mark {
  const start = (node as { range?: readonly number[] | null } | null)?.range?.[0];
  return { file, line: start === undefined ? undefined : lines.linePos(start).line };
}
