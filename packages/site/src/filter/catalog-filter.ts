// Filters a table by what a user types: specs in Spack's syntax, or words.

import { isSpackOciError } from "@spack-oci/errors";
import { parseSpecs, type Spec, textOf } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import { NodeFilter } from "./node-filter.js";
import type { RowSet } from "./row-set.js";
import { SpecFilter } from "./spec-filter.js";
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

/** Entries of dictionaries; takes a few milliseconds. */
const ENTRIES_PER_STEP = 500;

/** Uses all parts of the filter, which makes browsers compile them. */
const EXERCISES = ["a", "a b", "@1: +a", "++a target=x86_64: %gcc@1:", "^a@1: %c=gcc@1:", "^mpi", "/a", "a@"];

export class CatalogFilter {
  readonly #table: CatalogTable;
  readonly #nodes: NodeFilter;
  readonly #specs: SpecFilter;
  readonly #words: WordFilter;

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#nodes = new NodeFilter(table);
    this.#specs = new SpecFilter(table, this.#nodes);
    this.#words = new WordFilter(table);
  }

  /** Makes in small steps, while nobody waits, what the first use of the filter would otherwise have to make. */
  *warmUp(): Generator<void> {
    yield* this.#nodes.warmUp(ENTRIES_PER_STEP);
    while (this.#words.read(ENTRIES_PER_STEP)) yield;
    for (const text of EXERCISES) {
      this.match(text);
      yield;
    }
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
    const set = this.#specs.rows(constraint);
    if (constraint.name === "") return set;
    const { name, names } = this.#table;
    const entry = names.indexOf(constraint.name);
    const own = set.map((value, row) => value & Number(name[row] === entry));
    return this.#hasPackages(own) ? own : set.map((value, row) => value & Number(name[row] !== entry));
  }

  #byName(name: string): RowSet {
    const named = this.#table.names.map((each) => each.includes(name));
    const provides = this.#nodes.isVirtual(name) ? this.#nodes.rows(parseOne(name)) : undefined;
    const set = new Uint8Array(this.#table.rows);
    for (let row = 0; row < set.length; row += 1)
      if (named[this.#table.name[row] ?? 0] || provides?.[row]) set[row] = 1;
    return this.#hasPackages(set) ? set : this.#words.containing(name);
  }

  #hasPackages(set: RowSet): boolean {
    return set.indexOf(1) >= 0 && set.indexOf(1) < this.#table.packages;
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
