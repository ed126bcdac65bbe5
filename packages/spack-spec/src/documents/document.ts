// Reads and writes spec documents: `.spack/spec.json` of a prefix, and the spec in a buildcache's config blob.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { preOrder } from "../graph/traversal.js";
import { nodeToJson } from "../hash/convert-node.js";
import { dagHash } from "../hash/dag-hash.js";
import { asArray, asInteger, asObject } from "../json/access.js";
import { formatJson } from "../json/format.js";
import { parseJson } from "../json/parse.js";
import { isJsonArray, type Json, type JsonObject } from "../json/value.js";
import type { SpecDocument, SpecGraph, SpecNode } from "../model/node.js";
import { NODE_HASH_KEYS } from "../model/node.js";
import { NEWEST_SPECFILE_VERSION, readNode } from "./read-node.js";

/**
 * Reads a spec document of format version 1 to 5 from its text (`Spec.from_json` in `spack/spec.py`).
 *
 * @param place where the text comes from, for error messages
 * @throws SpackOciError `ERR_JSON_SYNTAX`, `ERR_JSON_SHAPE`, `ERR_SPEC_VERSION`, or `ERR_SPEC_INCOMPLETE` if a node is
 *   missing that another one names
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(root.name, root.version); // margo-lite 0.18.3
 * console.log(graph.get(root.hash) === root); // true
 * ```
 */
export function parseSpecDocument(text: string, place?: string): SpecDocument {
  try {
    return readSpecDocument(parseJson(text));
  } catch (error) {
    if (!isSpackOciError(error) || place === undefined) throw error;
    const { code, message, kind, hint } = error;
    throw new SpackOciError(code, message, { kind, place, hint, cause: error });
  }
}

/**
 * The DAG hash of the root of a spec document, at a fraction of the cost of reading all of it: V8 parses JSON natively,
 * but without the order of members and the integers that specs need.
 *
 * @throws SpackOciError like {@link parseSpecDocument} if there is no hash where the newer formats have it, and the
 *   document is malformed
 */
export function rootHash(text: string, place?: string): string {
  const found = firstHash(text);
  return found ?? parseSpecDocument(text, place).root.hash;
}

/** Formats 4 and 5 only: before them, a DAG hash left out build dependencies. */
function firstHash(text: string): string | undefined {
  try {
    const { spec } = JSON.parse(text) as NewerDocument;
    const version = spec?._meta?.version ?? 0;
    const hash = spec?.nodes?.[0]?.hash;
    return version >= 4 && version <= NEWEST_SPECFILE_VERSION && typeof hash === "string" ? hash : undefined;
  } catch {
    return undefined; // parseSpecDocument explains what is wrong
  }
}

/** What {@link firstHash} looks at; none of it is certain. */
interface NewerDocument {
  readonly spec?: {
    readonly _meta?: { readonly version?: number };
    readonly nodes?: readonly { readonly hash?: unknown }[];
  };
}

/** Reads a spec document from its JSON object; throws like {@link parseSpecDocument}. */
export function readSpecDocument(json: Json): SpecDocument {
  const spec = asObject(json, "a spec document").get("spec");
  if (isJsonArray(spec)) return linkNodes(spec.map((node) => readNode(node, 1)));
  const { nodes, version } = versionAndNodes(asObject(spec, "the spec"));
  return linkNodes(nodes.map((node) => readNode(node, version)));
}

/**
 * The text of `spec.json` as Spack 1.0 and later write it for the spec `root` (`Spec.to_json`).
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { formatSpecDocument, parseSpecDocument } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(parseSpecDocument(formatSpecDocument(graph, root)).root.hash === root.hash); // true
 * ```
 */
export function formatSpecDocument(graph: SpecGraph, root: SpecNode): string {
  return formatJson(specDocumentToJson(graph, root));
}

/** The JSON of {@link formatSpecDocument}, for embedding: a buildcache's config blob contains its member `spec`. */
export function specDocumentToJson(graph: SpecGraph, root: SpecNode): JsonObject {
  const nodes = [...documentOrder(graph, root).values()].map((node) => nodeToJson(node));
  const meta = new Map([["version", BigInt(NEWEST_SPECFILE_VERSION)]]);
  const spec = new Map<string, Json>([
    ["_meta", meta],
    ["nodes", nodes],
  ]);
  return new Map([["spec", spec]]);
}

/**
 * All nodes in pre-order, each spliced node followed by its build spec and the dependencies of that (`Spec.to_dict`).
 */
function documentOrder(graph: SpecGraph, root: SpecNode): ReadonlyMap<string, SpecNode> {
  const found = new Map<string, SpecNode>();
  for (const node of preOrder(graph, [root.hash])) {
    if (!found.has(node.hash)) found.set(node.hash, node);
    const built = node.buildSpec && graph.get(node.buildSpec.hash);
    if (built === undefined) continue;
    for (const [hash, below] of documentOrder(graph, built)) {
      if (!found.has(hash)) found.set(hash, below);
    }
  }
  return found;
}

/**
 * The document as Spack writes it from its database, which does not keep build specs: spliced packages look like any
 * others, but their hashes still cover what is lost (`Database._read_spec_from_dict`).
 */
export function withoutBuildSpecs({ graph, root }: SpecDocument): SpecDocument {
  if ([...graph.values()].every(({ buildSpec }) => buildSpec === undefined)) return { graph, root };
  const nodes = preOrder(graph, [root.hash]).map((node) => {
    if (node.buildSpec === undefined) return node;
    const json = new Map(node.json);
    json.delete("build_spec");
    return readNode(json, node.specfileVersion, node.hash);
  });
  const stripped = new Map(nodes.map((node) => [node.hash, node]));
  return { graph: stripped, root: stripped.get(root.hash) ?? root };
}

function versionAndNodes(spec: JsonObject): { version: number; nodes: readonly Json[] } {
  const meta = asObject(spec.get("_meta"), "_meta of the spec");
  return {
    version: asInteger(meta.get("version"), "the version of the spec"),
    nodes: asArray(spec.get("nodes"), "the nodes of the spec"),
  };
}

/** Links the nodes of one document: edges may refer to nodes by older kinds of hashes or, in version 1, by name. */
function linkNodes(read: readonly SpecNode[]): SpecDocument {
  const named = new Map<string, string>();
  const nodes = read.map((node) => {
    const hash = node.hash || hashFromDependents(node.name, read) || dagHash(node);
    for (const key of NODE_HASH_KEYS) {
      const other = node.json.get(key);
      if (typeof other === "string") named.set(other, hash);
    }
    named.set(hash, hash);
    return { ...node, hash };
  });
  const byName = new Map(nodes.map((node) => [node.name, node.hash]));
  const resolve = (name: string, hash: string, version: number): string => {
    const found = version === 1 ? byName.get(name) : named.get(hash);
    if (found !== undefined) return found;
    throw new SpackOciError("ERR_SPEC_INCOMPLETE", `The spec has no node for ${name} (${hash}).`, {
      kind: "corrupt",
      hint: "The spec document is truncated or damaged; fetch it again.",
    });
  };
  const graph = new Map<string, SpecNode>();
  for (const node of nodes) {
    const dependencies = node.dependencies.map((edge) => {
      return { ...edge, hash: resolve(edge.name, edge.hash, node.specfileVersion) };
    });
    const buildSpec = node.buildSpec && {
      ...node.buildSpec,
      hash: resolve(node.buildSpec.name, node.buildSpec.hash, node.specfileVersion),
    };
    graph.set(node.hash, { ...node, dependencies, buildSpec });
  }
  const [first] = graph.values();
  if (first !== undefined) return { root: first, graph };
  throw new SpackOciError("ERR_SPEC_INCOMPLETE", "The spec has no nodes.", { kind: "corrupt" });
}

function hashFromDependents(name: string, nodes: readonly SpecNode[]): string | undefined {
  return nodes.flatMap((node) => node.dependencies).find((edge) => edge.name === name)?.hash;
}
