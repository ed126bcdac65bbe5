// Which rows satisfy a constraint with its dependencies: the rules of `satisfies` in @spack-oci/spack-spec, applied to all
// rows at once. Every condition is a pass over rows or edges, whatever it asks for.

import { isSpackOciError } from "@spack-oci/errors";
import type { DependencyEdge, Spec } from "@spack-oci/spack-spec";
import { dependencyEdges, dependencyFlags, parseSpec, satisfies } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import { NamedDependencies } from "./named-dependencies.js";
import type { NodeFilter } from "./node-filter.js";
import { addDependents, keepCommon, type RowSet } from "./row-set.js";
import { flagsOfKinds } from "./spec-nodes.js";

const LINK_OR_RUN = dependencyFlags("link", "run");
const BUILD = dependencyFlags("build");

/** A dependency that a constraint asks for, and the virtual packages that it must provide. */
interface WantedEdge extends DependencyEdge {
  readonly isVirtual: boolean;
}

/** Conditions on edges, one bit for each, which either the target or the kind of an edge meets. */
interface EdgeConditions {
  readonly ofTarget: Uint8Array;
  readonly ofKind: readonly number[];
  readonly all: number;
}

export class SpecFilter {
  readonly #table: CatalogTable;
  readonly #nodes: NodeFilter;
  readonly #named: NamedDependencies;
  readonly #flags: readonly number[];
  /** Kinds of edges that are followed to any depth. */
  readonly #isUsed: readonly number[];

  constructor(table: CatalogTable, nodes: NodeFilter) {
    this.#table = table;
    this.#nodes = nodes;
    this.#named = new NamedDependencies(table);
    this.#flags = flagsOfKinds(table);
    this.#isUsed = this.#flags.map((flags) => Number(flags === 0 || (flags & LINK_OR_RUN) !== 0));
  }

  /** The rows that satisfy a constraint. Providers of a virtual package satisfy its name, whatever else it says. */
  rows(constraint: Spec): RowSet {
    const set = this.#nodes.rows(constraint);
    if (constraint.dependencies.size === 0) return set;
    const entry = this.#table.names.indexOf(constraint.name);
    const { name } = this.#table;
    for (const edge of edgesWithin(constraint)) {
      const having = this.#having(edge);
      const applying = edge.when === undefined ? undefined : this.#applying(edge.parent, edge.when);
      for (let row = 0; row < set.length; row += 1) {
        if (having[row] || (applying !== undefined && !applying[row])) continue;
        if (constraint.name === "" || name[row] === entry) set[row] = 0;
      }
    }
    return set;
  }

  /** Rows to which a condition applies: the spec it is about can meet it, or there is no such spec. */
  #applying(about: Spec, when: Spec): RowSet {
    const meeting = this.rows(when);
    if (about.name === "") return meeting;
    const { names, name } = this.#table;
    const entry = names.indexOf(about.name);
    const dependencies = this.#named.of(about.name);
    return meeting.map((value, row) => {
      if (name[row] === entry) return value;
      const dependency = dependencies[row] ?? -1;
      return dependency < 0 ? 1 : (meeting[dependency] ?? 0);
    });
  }

  #having(edge: DependencyEdge): RowSet {
    const { name } = edge.spec;
    const isVirtual = name !== "" && this.#nodes.isVirtual(name);
    const virtuals = isVirtual ? [...new Set([...edge.virtuals, name])] : edge.virtuals;
    const wanted = { ...edge, virtuals, isVirtual };
    return edge.direct ? this.#havingDirect(wanted) : this.#havingReachable(wanted);
  }

  /** See `hasDirect` in @spack-oci/spack-spec. In `a ^b %c`, it is b that must have the dependency. */
  #havingDirect(wanted: WantedEdge): RowSet {
    const { parent, spec } = wanted;
    const set = this.#withDirect(wanted);
    this.#correctCompilers(set, spec);
    if (parent.name === "" || parent.name === spec.name) return set;
    const parents = this.#named.of(parent.name);
    const having = new Uint8Array(set.length);
    for (let row = 0; row < set.length; row += 1) having[row] = set[parents[row] ?? -1] ?? 0;
    return having;
  }

  #withDirect({ spec, flags, virtuals, isVirtual }: WantedEdge): RowSet {
    const { edgeKinds, rows } = this.#table;
    const isProviding = edgeKinds.map((kind) => {
      return virtuals.length === 0 || virtuals.some((virtual) => kind.virtuals.includes(virtual));
    });
    // A virtual package may be named or provided, other packages must be both.
    const [named, provided] = isVirtual ? [4, 4] : [4, 8];
    const ofTarget = this.#bitsOfTargets({ 1: this.rows(spec), [named]: this.#namedRows(spec.name) });
    const ofKind = this.#flags.map((types, kind) => {
      return ((types & flags) === flags ? 2 : 0) | (isProviding[kind] ? provided : 0);
    });
    const set = new Uint8Array(rows);
    this.#mark(set, { ofTarget, ofKind, all: 3 | named | provided });
    return set;
  }

  /** Of specs from before Spack 1.0, and of externals without dependencies, only the recorded compiler is known. */
  #correctCompilers(set: RowSet, spec: Spec): void {
    const { origin, origins, external, firstEdge, rows } = this.#table;
    const isOld = origins.map(({ specVersion }) => specVersion < 5);
    const hasCompiler = origins.map(({ compiler }) => Number(isCompiler(compiler, spec)));
    for (let row = 0; row < rows; row += 1) {
      const own = origin[row] ?? 0;
      const isBare = external[row] === 1 && firstEdge[row] === firstEdge[row + 1];
      if (isOld[own] || isBare) set[row] = hasCompiler[own] ?? 0;
    }
  }

  /** See `hasReachable` in @spack-oci/spack-spec. */
  #havingReachable({ spec, virtuals }: WantedEdge): RowSet {
    const { edgeKinds } = this.#table;
    const named = this.#namedRows(spec.name);
    const bitsOfKinds = (bits: Readonly<Record<number, string>>) =>
      edgeKinds.map((kind) => {
        const entries = Object.entries(bits);
        return entries.reduce(
          (all, [bit, name]) => all | (kind.virtuals.includes(name) ? Number(bit) : 0),
          0,
        );
      });
    const satisfying = this.#nodes.rows(spec);
    const set = this.#reaching({
      ofTarget: this.#bitsOfTargets({ 1: named, 2: satisfying }),
      ofKind: bitsOfKinds({ 1: spec.name }),
      all: 3,
    });
    for (const virtual of virtuals) {
      const providing = {
        ofTarget: this.#bitsOfTargets({ 1: named, 2: this.#namedRows(virtual) }),
        ofKind: bitsOfKinds({ 1: spec.name, 2: virtual }),
        all: 3,
      };
      keepCommon(set, this.#reaching(providing));
    }
    return set;
  }

  /** The rows with one of these edges among their link and run dependencies at any depth, or direct build dependencies. */
  #reaching({ ofTarget, ofKind, all }: EdgeConditions): RowSet {
    const { rows } = this.#table;
    const ofKinds = (isWanted: (kind: number) => boolean | number) =>
      ofKind.map((bits, kind) => (isWanted(kind) ? bits | 4 : bits));
    const set = new Uint8Array(rows);
    this.#mark(set, { ofTarget, ofKind: ofKinds((kind) => this.#isUsed[kind] ?? 0), all: all | 4 });
    addDependents(this.#table, set, this.#isUsed);
    const isBuilt = (kind: number) => (this.#flags[kind] ?? 0) & BUILD;
    this.#mark(set, { ofTarget, ofKind: ofKinds(isBuilt), all: all | 4 });
    return set;
  }

  /** Adds the rows with an edge that meets all conditions. */
  #mark(set: RowSet, { ofTarget, ofKind, all }: EdgeConditions): void {
    const { edgeSource, edgeTarget, edgeKind } = this.#table;
    for (let edge = 0; edge < edgeTarget.length; edge += 1)
      if (((ofTarget[edgeTarget[edge] ?? 0] ?? 0) | (ofKind[edgeKind[edge] ?? 0] ?? 0)) === all)
        set[edgeSource[edge] ?? 0] = 1;
  }

  #bitsOfTargets(sets: Readonly<Record<number, RowSet>>): Uint8Array {
    const bits = new Uint8Array(this.#table.rows);
    for (const [bit, set] of Object.entries(sets)) {
      const value = Number(bit);
      for (let row = 0; row < bits.length; row += 1) if (set[row]) bits[row] = (bits[row] ?? 0) | value;
    }
    return bits;
  }

  /** All rows for an empty name. */
  #namedRows(name: string): RowSet {
    const set = new Uint8Array(this.#table.rows);
    if (name === "") return set.fill(1);
    const entry = this.#table.names.indexOf(name);
    const { name: column } = this.#table;
    if (entry >= 0) for (let row = 0; row < set.length; row += 1) if (column[row] === entry) set[row] = 1;
    return set;
  }
}

/** All edges of a constraint, also those of its dependencies. */
function edgesWithin(constraint: Spec): readonly DependencyEdge[] {
  const seen = new Set([constraint]);
  const edges: DependencyEdge[] = [];
  for (const spec of seen)
    for (const edge of dependencyEdges(spec)) {
      edges.push(edge);
      seen.add(edge.spec);
    }
  return edges;
}

/** Whether a compiler as text, of a spec that Spack may not have written, satisfies a constraint. */
function isCompiler(compiler: string | undefined, constraint: Spec): boolean {
  if (compiler === undefined) return false;
  try {
    return satisfies(parseSpec(compiler), constraint);
  } catch (error) {
    if (isSpackOciError(error) && error.code !== "ERR_TARGET_UNKNOWN") return false;
    throw error;
  }
}
