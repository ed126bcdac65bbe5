// The specs of a package index as a graph, each created when it is first asked for.

import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { IndexNode, type OpenIndex } from "./index-node.js";
import { COLUMN } from "./index-table.js";

/** Specs by their DAG hash, in the order of the index. */
export class IndexGraph implements SpecGraph {
  readonly #index: OpenIndex;
  readonly #nodes: (IndexNode | undefined)[];
  #rows: ReadonlyMap<string, number> | undefined;

  constructor(index: OpenIndex) {
    this.#index = index;
    this.#nodes = new Array(index.count);
  }

  get size(): number {
    return this.#index.count;
  }

  /** The spec of a record, by the number of the record. */
  at(row: number): IndexNode {
    const node = this.#nodes[row] ?? new IndexNode(this.#index, row);
    this.#nodes[row] = node;
    return node;
  }

  /** The number of the record of a spec. */
  rowOf(hash: string): number | undefined {
    this.#rows ??= this.#numberRows();
    return this.#rows.get(hash);
  }

  #numberRows(): ReadonlyMap<string, number> {
    const rows = new Map<string, number>();
    for (const hash of this.keys()) rows.set(hash, rows.size);
    return rows;
  }

  get(hash: string): SpecNode | undefined {
    const row = this.rowOf(hash);
    return row === undefined ? undefined : this.at(row);
  }

  has(hash: string): boolean {
    return this.rowOf(hash) !== undefined;
  }

  forEach(call: (node: SpecNode, hash: string, graph: SpecGraph) => void): void {
    for (const [hash, node] of this) call(node, hash, this);
  }

  *keys(): MapIterator<string> {
    for (let row = 0; row < this.size; row += 1) yield this.#index.text(row, COLUMN.key) ?? "";
  }

  *values(): MapIterator<SpecNode> {
    for (let row = 0; row < this.size; row += 1) yield this.at(row);
  }

  *entries(): MapIterator<[string, SpecNode]> {
    for (let row = 0; row < this.size; row += 1)
      yield [this.#index.text(row, COLUMN.key) ?? "", this.at(row)];
  }

  [Symbol.iterator](): MapIterator<[string, SpecNode]> {
    return this.entries();
  }
}
