// Finds the dependency of each row that has a name, as `findDependency` in @spack-oci/spack-spec does for one spec, where
// several dependencies may have the same name.

import { dependencyFlags } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import { flagsOfKinds } from "./spec-nodes.js";

const BUILD_OR_TEST = dependencyFlags("build", "test");
const LINK_OR_RUN = dependencyFlags("link", "run");

/** Someone who types uses the same few names again and again. */
const MAX_KNOWN = 8;

export class NamedDependencies {
  readonly #table: CatalogTable;
  readonly #flags: readonly number[];
  /** Sorts the edges of a row as Spack walks them: by name, then by types and virtuals. */
  #walkOrder: Float64Array | undefined;
  readonly #known = new Map<string, Int32Array>();

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#flags = flagsOfKinds(table);
  }

  /** For each row, the row of its dependency with this name or virtual package, or the row itself; -1 without one. */
  of(name: string): Int32Array {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#walkOrder ??= walkOrder(this.#table, this.#flags);
    const rows = this.#find(name);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, rows);
    return rows;
  }

  #find(name: string): Int32Array {
    const { rows, names, name: nameOf, edgeTarget, edgeSource, edgeKind, edgeKinds } = this.#table;
    const entry = names.indexOf(name);
    const isVirtual = edgeKinds.map(({ virtuals }) => virtuals.includes(name));
    const [built, used] = [new Int32Array(rows).fill(-1), new Int32Array(rows).fill(-1)];
    for (let edge = 0; edge < edgeTarget.length; edge += 1) {
      const kind = edgeKind[edge] ?? 0;
      if (nameOf[edgeTarget[edge] ?? 0] !== entry && !isVirtual[kind]) continue;
      const source = edgeSource[edge] ?? 0;
      const flags = this.#flags[kind] ?? 0;
      if (flags === 0 || flags & BUILD_OR_TEST)
        if (this.#isListedBefore(edge, built[source] ?? -1)) built[source] = edge;
      if (flags === 0 || flags & LINK_OR_RUN)
        if (this.#isWalkedBefore(edge, used[source] ?? -1)) used[source] = edge;
    }
    const found = this.#nearest(used);
    for (let row = 0; row < rows; row += 1) {
      const edge = built[row] ?? -1;
      if (edge >= 0) found[row] = edgeTarget[edge] ?? -1;
      else if (nameOf[row] === entry) found[row] = row;
    }
    return found;
  }

  /** What is found along link and run dependencies: the nearest, or the first of them in the order of the walk. */
  #nearest(direct: Int32Array): Int32Array {
    const { rows, edgeTarget, edgeSource, edgeKind, firstDependent, dependentEdges } = this.#table;
    const found = new Int32Array(rows).fill(-1);
    let reached: number[] = [];
    for (let row = 0; row < rows; row += 1) {
      const edge = direct[row] ?? -1;
      if (edge < 0) continue;
      found[row] = edgeTarget[edge] ?? -1;
      reached.push(row);
    }
    const via = new Int32Array(rows).fill(-1);
    while (reached.length > 0) {
      const next: number[] = [];
      for (const row of reached)
        for (let at = firstDependent[row] ?? 0; at < (firstDependent[row + 1] ?? 0); at += 1) {
          const edge = dependentEdges[at] ?? 0;
          const source = edgeSource[edge] ?? 0;
          const flags = this.#flags[edgeKind[edge] ?? 0] ?? 0;
          if (found[source] !== -1 || (flags !== 0 && !(flags & LINK_OR_RUN))) continue;
          if (via[source] === -1) next.push(source);
          if (this.#isWalkedBefore(edge, via[source] ?? -1)) via[source] = edge;
        }
      for (const row of next) found[row] = found[edgeTarget[via[row] ?? 0] ?? 0] ?? -1;
      reached = next;
    }
    return found;
  }

  #isWalkedBefore(edge: number, other: number): boolean {
    if (other < 0) return true;
    const [own = 0, others = 0] = [this.#walkOrder?.[edge], this.#walkOrder?.[other]];
    return own < others || (own === others && edge < other);
  }

  /** A spec lists its dependencies as they come, those of the same name together and by their types. */
  #isListedBefore(edge: number, other: number): boolean {
    if (other < 0) return true;
    const { name, edgeTarget, edgeKind } = this.#table;
    const [own, others] = [name[edgeTarget[edge] ?? 0] ?? 0, name[edgeTarget[other] ?? 0] ?? 0];
    const byPlace = this.#firstOf(own, edge) - this.#firstOf(others, other);
    const byTypes = (this.#flags[edgeKind[edge] ?? 0] ?? 0) - (this.#flags[edgeKind[other] ?? 0] ?? 0);
    return (byPlace || byTypes || edge - other) < 0;
  }

  /** The first edge of the same row to a dependency of the same name. */
  #firstOf(entry: number, edge: number): number {
    const { name, firstEdge, edgeSource, edgeTarget } = this.#table;
    let first = firstEdge[edgeSource[edge] ?? 0] ?? 0;
    while (first < edge && name[edgeTarget[first] ?? 0] !== entry) first += 1;
    return first;
  }
}

function walkOrder(table: CatalogTable, flags: readonly number[]): Float64Array {
  const { names, name, edgeKinds, edgeKind, edgeTarget } = table;
  const byName = ranks(names);
  const byKind = ranks(
    edgeKinds.map(({ virtuals, direct }, kind) => {
      // Separators sort before everything that a name may contain.
      return `${String(flags[kind]).padStart(2, "0")}\0${[...virtuals].sort().join("\0")}\0\0${Number(direct)}`;
    }),
  );
  const order = new Float64Array(edgeTarget.length);
  for (let edge = 0; edge < order.length; edge += 1) {
    const rank = byName[name[edgeTarget[edge] ?? 0] ?? 0] ?? 0;
    order[edge] = rank * edgeKinds.length + (byKind[edgeKind[edge] ?? 0] ?? 0);
  }
  return order;
}

/** The place of each text in order; equal texts have the same. */
function ranks(texts: readonly string[]): Int32Array {
  const sorted = [...new Set(texts)].sort();
  const places = new Map(sorted.map((text, place) => [text, place]));
  return Int32Array.from(texts, (text) => places.get(text) ?? 0);
}
