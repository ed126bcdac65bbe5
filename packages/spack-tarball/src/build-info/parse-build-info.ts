// Reads the `binary_distribution` of any version of Spack, in flow or block style. Every name is a string, even if YAML
// would take it for something else.

import { SpackOciError } from "@spack-oci/errors";
import { isMap, isPair, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from "yaml";
import { MAX_YAML_ITEMS } from "../tar/limits.js";
import type { BuildInfo } from "./build-info.js";
import { type PlainValue, parsePlainFlow } from "./plain-flow.js";

/**
 * @param text content of the member
 * @throws SpackOciError `ERR_BUILD_INFO_MALFORMED`
 */
export function parseBuildInfo(text: string): BuildInfo {
  const plain = parsePlainFlow(text);
  const fields = plain === undefined ? new YamlFields(text) : new PlainFields(plain);
  const buildPath = fields.string("buildpath");
  if (buildPath === undefined) throw malformed("it has no buildpath");
  return {
    sbangInstallPath: fields.string("sbang_install_path"),
    buildPath,
    spackPrefix: fields.string("spackprefix"),
    relativePrefix: fields.string("relative_prefix"),
    hashToPrefix: hashToPrefix(fields),
    hardlinksDeduped: fields.string("hardlinks_deduped")?.toLowerCase() === "true",
    relocateBinaries: fields.strings("relocate_binaries"),
    relocateLinks: fields.strings("relocate_links"),
    relocateTextFiles: fields.strings("relocate_textfiles"),
  };
}

/** Spack 0.19 and older wrote the inverse mapping, `prefix_to_hash` (Spack: `relocate_package`). */
function hashToPrefix(fields: Fields): Map<string, string> {
  const direct = fields.mapping("hash_to_prefix");
  if (direct !== undefined) return new Map(direct);
  const inverse = fields.mapping("prefix_to_hash");
  if (inverse !== undefined) return new Map(inverse.map(([prefix, hash]) => [hash, prefix]));
  throw new SpackOciError(
    "ERR_BUILD_INFO_TOO_OLD",
    "The Spack that packed the package is too old: it did not record which prefixes the package refers to.",
    { kind: "unsupported", hint: "Rebuild the package and push it with Spack 0.13 or newer." },
  );
}

/** The fields of a build info. A missing field is undefined, a missing list empty. */
interface Fields {
  string(key: string): string | undefined;
  strings(key: string): readonly string[];
  mapping(key: string): readonly (readonly [string, string])[] | undefined;
}

class PlainFields implements Fields {
  readonly #fields: ReadonlyMap<string, PlainValue>;

  constructor(fields: ReadonlyMap<string, PlainValue>) {
    this.#fields = fields;
  }

  string(key: string): string | undefined {
    const value = this.#fields.get(key);
    if (value === undefined || typeof value === "string") return value;
    throw notAString(key);
  }

  strings(key: string): readonly string[] {
    const value = this.#fields.get(key) ?? [];
    if (!Array.isArray(value)) throw notAList(key);
    return value as readonly string[];
  }

  mapping(key: string): readonly (readonly [string, string])[] | undefined {
    const value = this.#fields.get(key);
    if (value === undefined) return undefined;
    if (!(value instanceof Map)) throw notAMapping(key);
    return [...value];
  }
}

class YamlFields implements Fields {
  readonly #map: YAMLMap;
  readonly #text: string;

  constructor(text: string) {
    if ((text.match(/[\n,[{]/g)?.length ?? 0) > MAX_YAML_ITEMS)
      throw malformed(`it has more than ${MAX_YAML_ITEMS} items`);
    // The failsafe schema has only strings: `yes`, `12:30:45` and `017` are file names.
    const document = parseDocument(text, { schema: "failsafe", uniqueKeys: false });
    const problem = document.errors[0];
    if (problem !== undefined) throw malformed("it is not valid YAML", problem);
    if (!isMap(document.contents)) throw malformed("it is not a mapping");
    this.#map = document.contents;
    this.#text = text;
  }

  string(key: string): string | undefined {
    const node = this.#map.get(key, true) as Node | undefined;
    return node === undefined ? undefined : this.#scalarText(node, key);
  }

  strings(key: string): string[] {
    const node = this.#map.get(key, true) as Node | undefined;
    if (node === undefined || (isScalar(node) && node.source === "")) return [];
    if (!isSeq(node)) throw notAList(key);
    return node.items.map((item) => this.#scalarText(item, key));
  }

  mapping(key: string): [string, string][] | undefined {
    const node = this.#map.get(key, true) as Node | undefined;
    if (node === undefined) return undefined;
    if (!isMap(node)) throw notAMapping(key);
    return node.items.map((pair) => [this.#scalarText(pair.key, key), this.#scalarText(pair.value, key)]);
  }

  /** The string that a node stands for. A list item such as `? x`, which Spack does not quote, parses as a mapping. */
  #scalarText(node: unknown, key: string): string {
    if (isScalar(node) && typeof node.value === "string") return node.value;
    if ((isMap(node) || isPair(node)) && "range" in node && Array.isArray(node.range)) {
      const [start, end] = node.range;
      // In flow style the range begins after the question mark.
      const before = this.#text.slice(0, start).trimEnd();
      const mark = before.endsWith("?") ? before.length - 1 : start;
      return this.#text
        .slice(mark, end)
        .trim()
        .replaceAll(/\s*\n\s*/g, " ");
    }
    throw notAString(key);
  }
}

function notAString(key: string): SpackOciError {
  return malformed(`${key} contains something that is not a string`);
}

function notAList(key: string): SpackOciError {
  return malformed(`${key} is not a list`);
}

function notAMapping(key: string): SpackOciError {
  return malformed(`${key} is not a mapping`);
}

function malformed(reason: string, cause?: unknown): SpackOciError {
  return new SpackOciError(
    "ERR_BUILD_INFO_MALFORMED",
    `The package's binary_distribution is malformed: ${reason}.`,
    {
      kind: "corrupt",
      place: ".spack/binary_distribution",
      cause,
    },
  );
}
