// The specs of a package index, read from its table when they are needed.

import { parseJson, type SpecNode } from "@spack-oci/spack-spec";
import { specfileVersionOf } from "../database/read-installs.js";
import { COLUMN, COLUMNS, EDGE, EDGE_COLUMNS, FLAG, type IndexTable } from "./index-table.js";
import { SPEC_OFFSET } from "./plain-record.js";
import { readRecord } from "./scan-index.js";
import { type Part, SpecParts } from "./spec-parts.js";

/** The text of an index. */
export interface IndexContent {
  /** The bytes of a part. */
  read(start: number, length: number): Buffer;
}

/** Specs that are kept after they were parsed as a whole. */
const MAX_PARSED = 256;

/** An index that stays open: its table, and its text for what the table does not have. */
export class OpenIndex {
  readonly table: IndexTable;
  readonly content: IndexContent;
  readonly specfileVersion: number;
  readonly parts: SpecParts;
  readonly #place: string;
  readonly #parsed = new Map<number, SpecNode>();

  constructor(table: IndexTable, content: IndexContent, place: string) {
    this.table = table;
    this.content = content;
    this.specfileVersion = specfileVersionOf(table.version) ?? 5;
    this.parts = new SpecParts(table.texts, this.specfileVersion);
    this.#place = place;
  }

  get count(): number {
    return this.table.records.length / COLUMNS;
  }

  column(row: number, column: number): number {
    return this.table.records[row * COLUMNS + column] as number;
  }

  has(row: number, flag: number): boolean {
    return (this.column(row, COLUMN.flags) & flag) !== 0;
  }

  text(row: number, column: number): string | undefined {
    const number = this.column(row, column);
    return number < 0 ? undefined : this.table.texts.text(number);
  }

  /** The whole spec, parsed again unless that happened recently. */
  parsed(row: number): SpecNode {
    const node = this.#parsed.get(row) ?? this.#parse(row);
    this.#parsed.delete(row);
    this.#parsed.set(row, node);
    if (this.#parsed.size > MAX_PARSED) this.#parsed.delete(this.#parsed.keys().next().value ?? row);
    return node;
  }

  #parse(row: number): SpecNode {
    const bytes = this.content.read(this.column(row, COLUMN.start), this.column(row, COLUMN.length));
    const json = parseJson(bytes.toString("utf8"), { place: this.#place });
    return readRecord(this.text(row, COLUMN.key) ?? "", json, this.specfileVersion).spec;
  }
}

/** A spec of an index. Copy it with `readNode` rather than by its members, which are not its own. */
export class IndexNode implements SpecNode {
  readonly #index: OpenIndex;
  readonly #row: number;

  constructor(index: OpenIndex, row: number) {
    this.#index = index;
    this.#row = row;
  }

  get hash(): string {
    return this.#index.text(this.#row, COLUMN.key) ?? "";
  }

  get name(): string {
    return this.#index.text(this.#row, COLUMN.name) ?? "";
  }

  get version(): string {
    return this.#index.text(this.#row, COLUMN.version) ?? "";
  }

  get specfileVersion(): number {
    return this.#index.specfileVersion;
  }

  get namespace(): string | undefined {
    return this.#isPlain ? this.#index.text(this.#row, COLUMN.namespace) : this.#parsed.namespace;
  }

  get packageHash(): string | undefined {
    return this.#isPlain ? this.#index.text(this.#row, COLUMN.packageHash) : this.#parsed.packageHash;
  }

  get architecture(): SpecNode["architecture"] {
    return this.#part("arch", COLUMN.arch).architecture;
  }

  get parameters(): SpecNode["parameters"] {
    return this.#part("parameters", COLUMN.parameters).parameters;
  }

  get patches(): SpecNode["patches"] {
    return this.#part("patches", COLUMN.patches).patches;
  }

  get annotations(): SpecNode["annotations"] {
    const hasAnnotations = this.#index.column(this.#row, COLUMN.annotations) >= 0;
    return hasAnnotations
      ? this.#part("annotations", COLUMN.annotations).annotations
      : this.#part("compiler", COLUMN.compiler).annotations;
  }

  get propagated(): SpecNode["propagated"] {
    return this.#isPlain ? [] : this.#parsed.propagated;
  }

  get external(): SpecNode["external"] {
    return this.#index.has(this.#row, FLAG.isExternal) ? this.#parsed.external : undefined;
  }

  get buildSpec(): SpecNode["buildSpec"] {
    return this.#isPlain ? undefined : this.#parsed.buildSpec;
  }

  get dependencies(): SpecNode["dependencies"] {
    if (!this.#isPlain) return this.#parsed.dependencies;
    const { table, parts } = this.#index;
    const [from, to] = [COLUMN.firstEdge, COLUMN.endOfEdges].map((each) =>
      this.#index.column(this.#row, each),
    );
    const dependencies: SpecNode["dependencies"][number][] = [];
    for (let number = from ?? 0; number < (to ?? 0); number += 1) {
      const edge = (column: number) => table.edges[number * EDGE_COLUMNS + column] as number;
      const [read] = parts.edge(edge(EDGE.parameters)).dependencies;
      if (read === undefined) throw new Error("a plain edge was read before");
      const { deptypes, virtuals, direct } = read;
      const [name, hash] = [table.texts.text(edge(EDGE.name)), table.texts.text(edge(EDGE.hash))];
      dependencies.push({ name, hash, deptypes, virtuals, direct });
    }
    return dependencies;
  }

  get json(): SpecNode["json"] {
    return this.#parsed.json;
  }

  /** The spec as it is written in a new index; undefined if its bytes have to be computed. */
  get written(): Buffer | undefined {
    if (!this.#isPlain || this.#index.specfileVersion < 5) return undefined;
    const start = this.#index.column(this.#row, COLUMN.start) + SPEC_OFFSET;
    return this.#index.content.read(start, this.#index.column(this.#row, COLUMN.specLength));
  }

  get #isPlain(): boolean {
    return this.#index.has(this.#row, FLAG.isPlain);
  }

  get #parsed(): SpecNode {
    return this.#index.parsed(this.#row);
  }

  #part(part: Part, column: number): SpecNode {
    if (!this.#isPlain) return this.#parsed;
    const number = this.#index.column(this.#row, column);
    return number < 0 ? this.#index.parts.none() : this.#index.parts.node(part, number);
  }
}
