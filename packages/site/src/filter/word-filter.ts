// Finds packages by words that occur in them: the fallback for what is not a spec.

import type { CatalogTable } from "../data/decode-catalog.js";
import type { RowSet } from "./node-filter.js";

export class WordFilter {
  readonly #table: CatalogTable;
  #texts: readonly (readonly [Int32Array, readonly string[]])[] | undefined;

  constructor(table: CatalogTable) {
    this.#table = table;
  }

  /** Rows with each word in one of their members, or at the beginning of their hash. */
  containing(text: string): RowSet {
    const { rows, hashes } = this.#table;
    const words = text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const set = new Uint8Array(rows).fill(1);
    for (const word of words) {
      const hits = new Uint8Array(rows);
      for (const [column, texts] of this.#columns()) {
        const entries = texts.map((each) => each.includes(word));
        for (let row = 0; row < rows; row += 1) if (entries[column[row] ?? 0]) hits[row] = 1;
      }
      const hash = word.replace(/^\//, "");
      for (let row = 0; row < rows; row += 1)
        if (!hits[row] && hashes[row]?.startsWith(hash) !== true) set[row] = 0;
    }
    return set;
  }

  /** The texts of each dictionary, in lower case. */
  #columns() {
    this.#texts ??= textsOf(this.#table);
    return this.#texts;
  }
}

function textsOf(table: CatalogTable): readonly (readonly [Int32Array, readonly string[]])[] {
  const lower = (text: string | null | undefined) => (text ?? "").toLowerCase();
  const architectures = table.architectures.map(
    (each) => each && `${each.platform}-${each.os}-${each.target}`,
  );
  return [
    [table.name, table.names.map(lower)],
    [table.version, table.versions.map((version) => `@${lower(version)}`)],
    [table.architecture, architectures.map(lower)],
    [table.parameters, table.parameterSets.map(({ values }) => lower(parametersText(values)))],
  ];
}

/** As in a spec: `+name`, `~name`, `name=value`. */
function parametersText(values: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(values).map(([name, value]) => {
    if (typeof value === "boolean") return `${value ? "+" : "~"}${name}`;
    return `${name}=${value}`;
  });
  return texts.join(" ");
}
