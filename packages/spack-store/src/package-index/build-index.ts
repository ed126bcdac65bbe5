// Builds package indexes. Specs of an existing index are copied as bytes.

import { SpackOciError } from "@spack-oci/errors";
import { formatJson, type SpecDocument, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { databaseNodeJson } from "../database/format-database.js";
import { DATABASE_VERSION } from "../database/record.js";
import { IndexGraph } from "./index-graph.js";
import { IndexNode } from "./index-node.js";

/** Bytes of a chunk, at least. */
const CHUNK = 64 * 1024;

/** A package index that was not written yet; iterating over it gives the same bytes every time. */
export interface BuiltIndex {
  /** The text in pieces. */
  chunks(): Generator<Buffer>;
}

/**
 * The package index of a buildcache with the roots of `specs` (`BuildCacheDatabase` and `_oci_update_index` in
 * `spack/binary_distribution.py`): it includes all their dependencies, each before its dependents, and counts the edges
 * to each spec. Specs from an existing index may be among them, all with the graph of that index.
 *
 * @throws SpackOciError `ERR_SPEC_INCOMPLETE` if a document lacks one of its dependencies
 */
export function buildIndex(specs: Iterable<SpecDocument>): BuiltIndex {
  const graphs = new Set<SpecGraph>();
  const pushed = new Set<string>();
  for (const { root, graph } of specs) {
    pushed.add(root.hash);
    graphs.add(graph);
  }
  const merged = mergeGraphs(graphs);
  const records = new Map<string, IndexRecord>();
  for (const hash of pushed) add(records, hash, merged);
  return { chunks: () => chunksOf(records, pushed) };
}

interface IndexRecord {
  readonly node: SpecNode;
  references: number;
}

/** The same graphs in the same order, joined except for existing indexes, which may be large. */
function mergeGraphs(graphs: Iterable<SpecGraph>): readonly SpecGraph[] {
  const merged: SpecGraph[] = [];
  let last: Map<string, SpecNode> | undefined;
  for (const graph of graphs) {
    if (graph instanceof IndexGraph) {
      merged.push(graph);
      last = undefined;
      continue;
    }
    const joined: Map<string, SpecNode> = last ?? new Map();
    if (last === undefined) merged.push(joined);
    for (const [hash, node] of graph) if (!joined.has(hash)) joined.set(hash, node);
    last = joined;
  }
  return merged;
}

/** Adds a spec after its dependencies, unless it is known. */
function add(records: Map<string, IndexRecord>, hash: string, graphs: readonly SpecGraph[]): void {
  if (records.has(hash)) return;
  const node = find(hash, graphs);
  const { dependencies } = node;
  for (const edge of dependencies) add(records, edge.hash, graphs);
  records.set(hash, { node, references: 0 });
  for (const edge of dependencies) {
    const record = records.get(edge.hash);
    if (record !== undefined) record.references += 1;
  }
}

function find(hash: string, graphs: readonly SpecGraph[]): SpecNode {
  for (const graph of graphs) {
    const node = graph.get(hash);
    if (node !== undefined) return node;
  }
  throw new SpackOciError("ERR_SPEC_INCOMPLETE", `There is no spec for the dependency ${hash}.`, {
    kind: "corrupt",
    hint: "The spec document is truncated or damaged; fetch it again.",
  });
}

function* chunksOf(
  records: ReadonlyMap<string, IndexRecord>,
  pushed: ReadonlySet<string>,
): Generator<Buffer> {
  let pieces: Buffer[] = [Buffer.from(`{"database":{"version":"${DATABASE_VERSION}","installs":{`)];
  let size = 0;
  let separator = "";
  for (const [hash, { node, references }] of records) {
    const spec = written(node);
    const state = `"ref_count":${references},"in_buildcache":${pushed.has(hash)}}`;
    pieces.push(Buffer.from(`${separator}${formatJson(hash)}:{"spec":`), spec, Buffer.from(`,${state}`));
    separator = ",";
    size += spec.length + state.length;
    if (size < CHUNK) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  pieces.push(Buffer.from("}}}"));
  yield Buffer.concat(pieces);
}

function written(node: SpecNode): Buffer {
  const bytes = node instanceof IndexNode ? node.written : undefined;
  return bytes ?? Buffer.from(formatJson(databaseNodeJson(node)));
}
