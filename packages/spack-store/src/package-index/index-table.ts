// What is known of each record of a package index without its JSON: a table of numbers, small enough for a hundred
// thousand packages.

import { TextPool } from "./text-pool.js";

/** The columns of a record. Texts are numbers of the pool, or -1. */
export const COLUMN = {
  /** Where the record's value starts in the index, in bytes, and how many it has. */
  start: 0,
  length: 1,
  /** Bytes of its spec, the first member of a plain record. */
  specLength: 2,
  /** Bits of {@link FLAG}. */
  flags: 3,
  /** The DAG hash. */
  key: 4,
  name: 5,
  version: 6,
  namespace: 7,
  packageHash: 8,
  /** JSON texts of the members of a plain spec. */
  arch: 9,
  parameters: 10,
  patches: 11,
  annotations: 12,
  compiler: 13,
  /** The numbers of its first edge, and of the one behind its last. */
  firstEdge: 14,
  endOfEdges: 15,
} as const;

/** Columns of a record. */
export const COLUMNS = 16;

export const FLAG = {
  /** The buildcache has the package. */
  isPackage: 1,
  /** The record is written as this project writes it, and its columns say everything. */
  isPlain: 2,
  isExternal: 4,
} as const;

/** The columns of an edge, each the number of a text. */
export const EDGE = { name: 0, hash: 1, parameters: 2 } as const;

/** Columns of an edge. */
export const EDGE_COLUMNS = 3;

/** The records of an index. */
export interface IndexTable {
  /** The format version of the index, 5 to 8. */
  readonly version: number;
  readonly texts: TextPool;
  /** {@link COLUMNS} numbers for each record, in the order of the index. */
  readonly records: Int32Array;
  /** {@link EDGE_COLUMNS} numbers for each edge. */
  readonly edges: Int32Array;
}

/** A table that grows. */
export class TableBuilder {
  readonly texts = new TextPool();
  /** The record that is being read. */
  readonly draft: Int32Array = new Int32Array(COLUMNS);
  #records = new Int32Array(COLUMNS * 1024);
  #edges = new Int32Array(EDGE_COLUMNS * 4096);
  #recordCount = 0;
  #edgeCount = 0;
  /** Records plus one by the number of their key. */
  #rows = new Int32Array(1024);

  get recordCount(): number {
    return this.#recordCount;
  }

  get edgeCount(): number {
    return this.#edgeCount;
  }

  /** Forgets the edges from a number on. */
  dropEdges(from: number): void {
    this.#edgeCount = from;
  }

  addEdge(name: number, hash: number, parameters: number): void {
    const at = this.#edgeCount * EDGE_COLUMNS;
    if (at === this.#edges.length) this.#edges = doubled(this.#edges);
    this.#edges[at + EDGE.name] = name;
    this.#edges[at + EDGE.hash] = hash;
    this.#edges[at + EDGE.parameters] = parameters;
    this.#edgeCount += 1;
  }

  /**
   * Adds the draft. A record with the same key is replaced in its place, as Python does with duplicate keys.
   *
   * @returns the number of the record
   */
  commit(): number {
    const key = this.draft[COLUMN.key] as number;
    while (key >= this.#rows.length) this.#rows = doubled(this.#rows);
    const known = (this.#rows[key] as number) - 1;
    const row = known < 0 ? this.#recordCount : known;
    if (known < 0) this.#recordCount += 1;
    this.#rows[key] = row + 1;
    if (row * COLUMNS === this.#records.length) this.#records = doubled(this.#records);
    this.#records.set(this.draft, row * COLUMNS);
    return row;
  }

  finish(version: number): IndexTable {
    return {
      version,
      texts: this.texts,
      records: this.#records.slice(0, this.#recordCount * COLUMNS),
      edges: this.#edges.slice(0, this.#edgeCount * EDGE_COLUMNS),
    };
  }
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(numbers.length * 2);
  longer.set(numbers);
  return longer;
}
