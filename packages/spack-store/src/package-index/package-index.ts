// A package index of a buildcache: an install database with fewer fields.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { IndexGraph } from "./index-graph.js";
import { type IndexContent, OpenIndex } from "./index-node.js";
import { FLAG, type IndexTable } from "./index-table.js";
import type { JsonSource } from "./json-scanner.js";
import { scanIndex } from "./scan-index.js";

/** A package index. Its specs are read from its text when they are used. */
export interface PackageIndex {
  /** The format version, 5 to 8. */
  readonly version: number;
  /** All specs, including externals and dependencies that were not pushed, in the order of the text. */
  readonly graph: SpecGraph;
  /** The specs that the buildcache has as packages, in the order of the text. */
  readonly packages: readonly SpecNode[];
  /** The package with a DAG hash; undefined if the index does not list it as one. */
  packageOf(hash: string): SpecNode | undefined;
}

/**
 * Reads the text of a package index, versions 5 to 8. The bytes must not change afterwards.
 *
 * @param place the tag or blob that the text comes from
 * @throws SpackOciError `ERR_DATABASE_CORRUPT`, or `ERR_DATABASE_VERSION`
 */
export function readPackageIndex(bytes: Buffer, place: string): PackageIndex {
  const text = textInMemory(bytes);
  return openPackageIndex(scanIndex(text, place), text, place);
}

/** A text that is in memory anyway. */
function textInMemory(bytes: Buffer): JsonSource {
  const size = bytes.length;
  return { size, window: size, read: (start, length) => bytes.subarray(start, start + length) };
}

/** An index with a table that was made from the same text. */
export function openPackageIndex(table: IndexTable, content: IndexContent, place: string): PackageIndex {
  const index = new OpenIndex(table, content, place);
  const graph = new IndexGraph(index);
  const packages: SpecNode[] = [];
  for (let row = 0; row < index.count; row += 1)
    if (index.has(row, FLAG.isPackage)) packages.push(graph.at(row));
  const packageOf = (hash: string) => {
    const row = graph.rowOf(hash);
    return row !== undefined && index.has(row, FLAG.isPackage) ? graph.at(row) : undefined;
  };
  return { version: table.version, graph, packages, packageOf };
}
