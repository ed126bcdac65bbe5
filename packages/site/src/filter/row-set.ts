// Sets of rows, and what follows edges through a whole table at once.

import type { CatalogTable } from "../data/decode-catalog.js";

/** 1 for each row that is in a set, otherwise 0. */
export type RowSet = Uint8Array;

type Edges = Pick<CatalogTable, "firstDependent" | "dependentEdges" | "edgeSource" | "edgeKind">;

/** Removes the rows whose entry of a dictionary does not match. */
export function keepMatching(set: RowSet, column: Int32Array, matches: ArrayLike<number>): void {
  for (let row = 0; row < set.length; row += 1) if (!matches[column[row] ?? 0]) set[row] = 0;
}

/** Removes the rows that are not in another set. */
export function keepCommon(set: RowSet, other: RowSet): void {
  for (let row = 0; row < set.length; row += 1) if (!other[row]) set[row] = 0;
}

/** Swaps the rows that are in a set with the others. */
export function invert(set: RowSet): void {
  for (let row = 0; row < set.length; row += 1) set[row] = 1 - (set[row] ?? 0);
}

/**
 * Adds whatever depends on a row of a set, at any depth.
 *
 * @param follows 1 for each kind of edge that counts
 */
export function addDependents(table: Edges, set: RowSet, follows: ArrayLike<number>): void {
  const { firstDependent, dependentEdges, edgeSource, edgeKind } = table;
  const queue = new Int32Array(set.length);
  let end = 0;
  for (let row = 0; row < set.length; row += 1) if (set[row]) queue[end++] = row;
  for (let next = 0; next < end; next += 1) {
    const row = queue[next] ?? 0;
    const last = firstDependent[row + 1] ?? 0;
    for (let at = firstDependent[row] ?? 0; at < last; at += 1) {
      const edge = dependentEdges[at] ?? 0;
      const source = edgeSource[edge] ?? 0;
      if (set[source] || !follows[edgeKind[edge] ?? 0]) continue;
      set[source] = 1;
      queue[end++] = source;
    }
  }
}
