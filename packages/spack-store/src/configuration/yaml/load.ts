// Reading a Spack YAML file: like any YAML, but a string that ends in `:` loses it, and as a key it overrides.
import { SpackOciError } from "@spack-oci/errors";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { resolvePlain } from "./scalar.js";
import type { ConfigEntry, ConfigKey, ConfigScalar, ConfigValue, Mark } from "./value.js";

type MaybeNode = unknown;

/** What no YAML may hold. Source: `lib/spack/spack/vendor/ruamel/yaml/reader.py`. */
const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

interface Source {
  readonly file: string;
  readonly content: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** What anchored nodes have become, so that an alias of one is the same value; undefined while it is read. */
  readonly anchored: Map<MaybeNode, ConfigValue | undefined>;
}

/**
 * The data in `content`, the text of the file `file`; undefined for a file without any.
 *
 * Source: `lib/spack/spack/util/spack_yaml.py`, `OrderedLineConstructor` and `load_config`.
 *
 * @throws {SpackOciError} `ERR_CONFIG_FILE` when the text is no YAML, has several documents or a key twice.
 */
export function loadYaml(content: string, file: string): ConfigValue | undefined {
  const forbidden = UNPRINTABLE.exec(content);
  if (forbidden !== null)
    throw badYaml(file, undefined, `the character ${JSON.stringify(forbidden[0])} is not allowed`);
  const lines = new LineCounter();
  const documents = parseAllDocuments(content, {
    schema: "failsafe",
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: "silent",
  });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined) return undefined;
  for (const error of documents.flatMap((each) => each.errors)) {
    throw badYaml(file, lines.linePos(error.pos[0]).line, error.message.split("\n")[0] ?? error.code, error);
  }
  if (documents.length > 1) throw badYaml(file, undefined, "expected a single document");
  const source = { file, content, document, lines, anchored: new Map() };
  const value = convert(document.contents, source);
  return value.kind === "scalar" && value.type === "null" ? undefined : value;
}

function convert(node: MaybeNode, source: Source): ConfigValue {
  if (isAlias(node)) return convertAlias(node, source);
  source.anchored.set(node, undefined);
  const value = convertNode(node, source);
  source.anchored.set(node, value);
  return value;
}

function convertAlias(alias: Alias, source: Source): ConfigValue {
  const value = source.anchored.get(resolveAlias(alias, source));
  if (value !== undefined) return value;
  throw badYaml(source.file, undefined, `the alias '${alias.source}' is inside of what it means`);
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
  if (target === undefined) throw badYaml(file, undefined, `found undefined alias '${alias.source}'`);
  return target;
}

/**
 * The string `clang@3:` of `[gcc, clang@3:]`. YAML proper reads a mapping there; Spack's parser takes a colon for a
 * sign only before white space.
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
      throw badYaml(source.file, key.mark?.line, `found duplicate key '${key.text}'`);
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
  if (!isScalar(resolved)) throw badYaml(source.file, mark.line, "a key must be a scalar");
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

function badYaml(file: string, line: number | undefined, reason: string, cause?: unknown): SpackOciError {
  const place = line === undefined ? file : `${file}:${line}`;
  return new SpackOciError("ERR_CONFIG_FILE", `${place}: not valid YAML: ${reason}`, {
    kind: "usage",
    place,
    hint: "Correct the file; `spack config edit` opens it.",
    cause,
  });
}
