// Walks over the dependencies of rows.

import type { CatalogTable } from "../../data/decode-catalog.js";

/** Another row, and how it is related. */
export interface Neighbor {
  readonly row: number;
  readonly types: readonly string[];
  readonly virtuals: readonly string[];
}

export function dependenciesOf(table: CatalogTable, row: number): Neighbor[] {
  const neighbors: Neighbor[] = [];
  for (let edge = table.firstEdge[row] ?? 0; edge < (table.firstEdge[row + 1] ?? 0); edge += 1)
    neighbors.push(neighbor(table, edge, table.edgeTarget[edge] ?? 0));
  return neighbors;
}

export function dependentsOf(table: CatalogTable, row: number): Neighbor[] {
  const neighbors: Neighbor[] = [];
  for (let at = table.firstDependent[row] ?? 0; at < (table.firstDependent[row + 1] ?? 0); at += 1) {
    const edge = table.dependentEdges[at] ?? 0;
    neighbors.push(neighbor(table, edge, table.edgeSource[edge] ?? 0));
  }
  return neighbors;
}

function neighbor(table: CatalogTable, edge: number, row: number): Neighbor {
  const { types = [], virtuals = [] } = table.edgeKinds[table.edgeKind[edge] ?? 0] ?? {};
  return { row, types, virtuals };
}

export function isRuntime({ types }: Neighbor): boolean {
  return types.includes("link") || types.includes("run");
}

/** All rows that a row needs to run, itself included. */
export function runtimeClosure(table: CatalogTable, row: number): number[] {
  const seen = new Set([row]);
  for (const each of seen)
    for (const next of dependenciesOf(table, each)) if (isRuntime(next)) seen.add(next.row);
  return [...seen];
}
