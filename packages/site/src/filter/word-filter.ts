// Finds packages by words that occur in them: the fallback for what is not a spec.

import type { CatalogTable } from "../data/decode-catalog.js";
import type { RowSet } from "./row-set.js";

/** Texts of the entries of a dictionary, in lower case, and the column that refers to them. */
interface SearchedColumn {
  readonly column: Int32Array;
  readonly texts: readonly string[];
}

export class WordFilter {
  readonly #table: CatalogTable;
  readonly #columns: readonly SearchedColumn[];
  /** Texts of sets of parameters, which take a while to write. */
  readonly #parameters: string[] = [];

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#columns = [
      { column: table.name, texts: table.names.map(lower) },
      { column: table.version, texts: table.versions.map((version) => `@${lower(version)}`) },
      { column: table.architecture, texts: table.architectures.map(architectureText) },
      { column: table.parameters, texts: this.#parameters },
    ];
  }

  /** Prepares some more entries. @returns whether there are others */
  read(count: number): boolean {
    const { parameterSets } = this.#table;
    for (const { values } of parameterSets.slice(this.#parameters.length, this.#parameters.length + count))
      this.#parameters.push(lower(parametersText(values)));
    return this.#parameters.length < parameterSets.length;
  }

  /** Rows with each word in one of their members, or at the beginning of their hash. */
  containing(text: string): RowSet {
    const { rows, hashes, parameterSets } = this.#table;
    this.read(parameterSets.length);
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const set = new Uint8Array(rows).fill(1);
    for (const word of words) {
      const hits = new Uint8Array(rows);
      for (const { column, texts } of this.#columns) {
        const entries = texts.map((each) => Number(each.includes(word)));
        for (let row = 0; row < rows; row += 1) if (entries[column[row] ?? 0]) hits[row] = 1;
      }
      const hash = word.replace(/^\//, "");
      for (let row = 0; row < rows; row += 1)
        if (!hits[row] && hashes[row]?.startsWith(hash) !== true) set[row] = 0;
    }
    return set;
  }
}

function lower(text: string): string {
  return text.toLowerCase();
}

function architectureText(each: CatalogTable["architectures"][number]): string {
  return each === null ? "" : lower(`${each.platform}-${each.os}-${each.target}`);
}

/** As in a spec: `+name`, `~name`, `name=value`. */
function parametersText(values: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(values).map(([name, value]) => {
    if (typeof value === "boolean") return `${value ? "+" : "~"}${name}`;
    return `${name}=${value}`;
  });
  return texts.join(" ");
}
