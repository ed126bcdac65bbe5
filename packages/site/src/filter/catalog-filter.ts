// Filters a table by what a user types: specs in Spack's syntax, or words.

import { isSpackOciError } from "@spack-oci/errors";
import {
  dependencyEdges,
  parseSpecs,
  type Spec,
  type SpecNode,
  satisfies,
  specOfNode,
  textOf,
} from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import { EdgeFilter } from "./edge-filter.js";
import { NodeFilter, type RowSet } from "./node-filter.js";
import { GraphBuilder } from "./spec-nodes.js";
import { WordFilter } from "./word-filter.js";

/** The packages that a filter leaves. */
export interface FilterResult {
  /** Rows of packages, in the order of the table; those whose name is what was typed come first. */
  readonly rows: readonly number[];
  /** How the text was understood. */
  readonly by: "nothing" | "specs" | "words";
  /** Why it is not a spec, if it is not. */
  readonly problem?: string;
}

/** Takes a few milliseconds. */
const ROWS_PER_STEP = 500;

export class CatalogFilter {
  readonly #table: CatalogTable;
  readonly #nodes: NodeFilter;
  readonly #edges: EdgeFilter;
  readonly #words: WordFilter;
  readonly #graph: GraphBuilder;

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#nodes = new NodeFilter(table);
    this.#edges = new EdgeFilter(table, this.#nodes);
    this.#words = new WordFilter(table);
    this.#graph = new GraphBuilder(table);
  }

  /** Makes in small steps, while nobody waits, what the first use of the filter would otherwise have to make. */
  *warmUp(): Generator<void> {
    yield* this.#nodes.warmUp(ROWS_PER_STEP);
    while (this.#graph.step(ROWS_PER_STEP)) yield;
    this.#words.containing("");
  }

  /**
   * The packages that satisfy one of the specs in a text, as `spack find` would choose them. A name by itself also finds
   * packages whose name contains it. Names that no package has, and what is not a spec, are taken for words, all of which
   * a package must contain.
   */
  match(text: string): FilterResult {
    if (text.trim() === "") return { rows: this.#listed(() => true), by: "nothing" };
    try {
      return this.#bySpecs(text);
    } catch (error) {
      if (!isSpackOciError(error)) throw error;
      return { ...this.#byWords(text), problem: error.message };
    }
  }

  #byWords(text: string): FilterResult {
    const set = this.#words.containing(text);
    return { rows: this.#listed((row) => set[row] === 1), by: "words" };
  }

  #bySpecs(text: string): FilterResult {
    const specs = parseSpecs(text);
    const isUnknown = ({ name }: Spec) => !this.#table.names.includes(name);
    if (specs.length > 1 && specs.every(isBareName) && specs.some(isUnknown)) return this.#byWords(text);
    const sets = specs.map((spec) => (isBareName(spec) ? this.#byName(spec.name) : this.satisfying(spec)));
    const names = new Set(specs.map(({ name }) => this.#table.names.indexOf(name)));
    const rows = this.#listed((row) => sets.some((set) => set[row] === 1));
    const isNamed = (row: number) => names.has(this.#table.name[row] ?? -1);
    const first = rows.filter(isNamed);
    if (first.length === 0 || first.length === rows.length) return { rows, by: "specs" };
    return { rows: [...first, ...rows.filter((row) => !isNamed(row))], by: "specs" };
  }

  /** The rows that satisfy a constraint, by the rules of `queryCatalog` in @spack-oci/spack-spec. */
  satisfying(constraint: Spec): RowSet {
    const set = this.#nodes.rows(constraint);
    const isNamed = (row: number) => this.#table.names[this.#table.name[row] ?? 0] === constraint.name;
    const required = constraint.name === "" ? () => true : isNamed;
    const edges = dependencyEdges(constraint);
    const found = set.slice();
    for (const edge of edges.filter((each) => this.#edges.understands(each))) this.#edges.keep(found, edge);
    if (!edges.every((edge) => this.#edges.understands(edge)) || hasPropagation(constraint))
      this.#compareWhole(found, constraint);
    const own = found.map((value, row) => value & Number(required(row)));
    if (own.some((value, row) => value === 1 && row < this.#table.packages)) return own;
    // Providers of a virtual package satisfy its name, whatever else the constraint says.
    return constraint.name === "" ? own : set.map((value, row) => value & Number(!isNamed(row)));
  }

  #byName(name: string): RowSet {
    const named = this.#table.names.map((each) => each.includes(name));
    const provides = this.#nodes.isVirtual(name) ? this.#nodes.rows(parseOne(name)) : undefined;
    const set = new Uint8Array(this.#table.rows);
    for (let row = 0; row < set.length; row += 1)
      if (named[this.#table.name[row] ?? 0] || provides?.[row]) set[row] = 1;
    return set.some((value, row) => value === 1 && row < this.#table.packages)
      ? set
      : this.#words.containing(name);
  }

  /** The slow and complete way: compares rows with the constraint one by one. */
  #compareWhole(set: RowSet, constraint: Spec): void {
    const graph = this.#graph.graph();
    set.forEach((value, row) => {
      const node = graph.get(this.#table.hashes[row] ?? "") as SpecNode;
      if (value && !satisfies(specOfNode(graph, node), constraint)) set[row] = 0;
    });
  }

  #listed(isListed: (row: number) => boolean): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.#table.packages; row += 1) if (isListed(row)) rows.push(row);
    return rows;
  }
}

function isBareName(spec: Spec): boolean {
  return spec.name !== "" && textOf(spec) === spec.name;
}

function parseOne(name: string): Spec {
  return parseSpecs(name)[0] as Spec;
}

function hasPropagation({ variants }: Spec): boolean {
  return [...variants.values()].some((variant) => variant.propagate);
}
