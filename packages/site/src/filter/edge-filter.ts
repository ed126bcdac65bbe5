// Which rows have the dependencies that a constraint asks for with ^ and %.

import type { DependencyEdge, Spec } from "@spack-oci/spack-spec";
import { dependencyFlags, parseSpec, satisfies } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import type { NodeFilter, RowSet } from "./node-filter.js";
import { flagsOfKinds } from "./spec-nodes.js";

const LINK_OR_RUN = dependencyFlags("link", "run");
const BUILD = dependencyFlags("build");

export class EdgeFilter {
  readonly #table: CatalogTable;
  readonly #nodes: NodeFilter;
  readonly #kindFlags: readonly number[];

  constructor(table: CatalogTable, nodes: NodeFilter) {
    this.#table = table;
    this.#nodes = nodes;
    this.#kindFlags = flagsOfKinds(table);
  }

  /** Whether this class understands an edge. The others need Spack's whole comparison (`satisfies`). */
  understands({ spec, when, propagate }: DependencyEdge): boolean {
    const propagates = [...spec.variants.values()].some((variant) => variant.propagate);
    return when === undefined && !propagate && !propagates && spec.dependencies.size === 0;
  }

  /** Removes the rows that do not have a dependency. */
  keep(set: RowSet, wanted: DependencyEdge): void {
    const { name } = wanted.spec;
    const isVirtual = name !== "" && this.#nodes.isVirtual(name);
    const virtuals = isVirtual ? [...new Set([...wanted.virtuals, name])] : wanted.virtuals;
    const nodes = this.#nodes.rows(wanted.spec);
    const sets = wanted.direct
      ? [this.#withDirect(wanted, { virtuals, isVirtual, nodes })]
      : this.#withReachable(wanted.spec, { virtuals, nodes });
    for (const each of sets)
      each.forEach((value, row) => {
        if (!value) set[row] = 0;
      });
  }

  /** See `hasDirect` in @spack-oci/spack-spec. */
  #withDirect(
    { spec, flags }: DependencyEdge,
    { virtuals, isVirtual, nodes }: { virtuals: readonly string[]; isVirtual: boolean; nodes: RowSet },
  ): RowSet {
    const { edgeKind, edgeKinds, edgeSource, edgeTarget, rows } = this.#table;
    const isNamed = this.#isNamed(spec);
    const isProviding = edgeKinds.map((kind) => {
      return virtuals.length === 0 || virtuals.some((virtual) => kind.virtuals.includes(virtual));
    });
    const hasTypes = this.#kindFlags.map((types) => (types & flags) === flags);
    const set = new Uint8Array(rows);
    edgeTarget.forEach((target, edge) => {
      const kind = edgeKind[edge] ?? 0;
      if (!hasTypes[kind] || !nodes[target]) return;
      const named = isNamed(target);
      if (isVirtual ? named || isProviding[kind] : named && isProviding[kind]) set[edgeSource[edge] ?? 0] = 1;
    });
    this.#correctCompilers(set, spec);
    return set;
  }

  /** Of specs from before Spack 1.0, and of externals without dependencies, only the recorded compiler is known. */
  #correctCompilers(set: RowSet, spec: Spec): void {
    const { origin, origins, external, firstEdge, rows } = this.#table;
    const isOld = origins.map(({ specVersion }) => specVersion < 5);
    const hasCompiler = origins.map(
      ({ compiler }) => compiler !== undefined && satisfies(parseSpec(compiler), spec),
    );
    for (let row = 0; row < rows; row += 1) {
      const isBare = external[row] === 1 && firstEdge[row] === firstEdge[row + 1];
      const own = origin[row] ?? 0;
      if (isOld[own] || isBare) set[row] = Number(hasCompiler[own]);
    }
  }

  /** See `hasReachable` in @spack-oci/spack-spec. */
  #withReachable(
    spec: Spec,
    { virtuals, nodes }: { virtuals: readonly string[]; nodes: RowSet },
  ): readonly RowSet[] {
    const { edgeKind, edgeKinds, edgeTarget, names, name } = this.#table;
    const isNamed = this.#isNamed(spec);
    const hasVirtual = edgeKinds.map((kind) => kind.virtuals.includes(spec.name));
    const candidates = Uint8Array.from(edgeTarget, (target, edge) =>
      Number(isNamed(target) || hasVirtual[edgeKind[edge] ?? 0]),
    );
    const satisfying = candidates.map((is, edge) => is & (nodes[edgeTarget[edge] ?? 0] ?? 0));
    const providing = virtuals.map((virtual) => {
      const provides = edgeKinds.map((kind) => kind.virtuals.includes(virtual));
      return candidates.map((is, edge) => {
        const isSame = names[name[edgeTarget[edge] ?? 0] ?? 0] === virtual;
        return is & Number(isSame || provides[edgeKind[edge] ?? 0]);
      });
    });
    return [satisfying, ...providing].map((edges) => this.#reaching(edges));
  }

  #isNamed({ name }: Spec): (row: number) => boolean {
    if (name === "") return () => true;
    const entry = this.#table.names.indexOf(name);
    return (row) => this.#table.name[row] === entry;
  }

  /** The rows with one of these edges among their link and run dependencies at any depth, or direct build dependencies. */
  #reaching(edges: Uint8Array): RowSet {
    const { rows, edgeSource, edgeKind, firstDependent, dependentEdges } = this.#table;
    const flags = (edge: number) => this.#kindFlags[edgeKind[edge] ?? 0] ?? 0;
    const set = new Uint8Array(rows);
    const queue: number[] = [];
    const add = (row: number) => {
      if (set[row]) return;
      set[row] = 1;
      queue.push(row);
    };
    edges.forEach((is, edge) => {
      if (is && flags(edge) & LINK_OR_RUN) add(edgeSource[edge] ?? 0);
    });
    for (const row of queue)
      for (let at = firstDependent[row] ?? 0; at < (firstDependent[row + 1] ?? 0); at += 1) {
        const edge = dependentEdges[at] ?? 0;
        if (flags(edge) & LINK_OR_RUN) add(edgeSource[edge] ?? 0);
      }
    edges.forEach((is, edge) => {
      if (is && flags(edge) & BUILD) set[edgeSource[edge] ?? 0] = 1;
    });
    return set;
  }
}
