// The texts that rows of the catalog are shown with.

import { isSpackOciError } from "@spack-oci/errors";
import { formatSpec } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../../data/decode-catalog.js";
import { nodeWith, parametersOf } from "../../filter/spec-nodes.js";
import { visibleText } from "../../text/visible-text.js";

const LANGUAGES = ["c", "cxx", "fortran"];

export class Labels {
  readonly #table: CatalogTable;
  readonly #parameters: (string | undefined)[] = [];
  readonly #isCompilerEdge: readonly boolean[];

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#isCompilerEdge = table.edgeKinds.map(({ virtuals }) =>
      virtuals.some((each) => LANGUAGES.includes(each)),
    );
  }

  name(row: number): string {
    return this.#table.names[this.#table.name[row] ?? 0] ?? "";
  }

  version(row: number): string {
    return this.#table.versions[this.#table.version[row] ?? 0] ?? "";
  }

  hash(row: number): string {
    return this.#table.hashes[row] ?? "";
  }

  target(row: number): string {
    return this.#table.architectures[this.#table.architecture[row] ?? 0]?.target ?? "";
  }

  os(row: number): string {
    return this.#table.architectures[this.#table.architecture[row] ?? 0]?.os ?? "";
  }

  /** `name@version`, as text that cannot hide anything. */
  title(row: number): string {
    return visibleText(`${this.name(row)}@${this.version(row)}`, 200);
  }

  /** Variants and compiler flags in Spack's words. */
  parameters(row: number): string {
    const set = this.#table.parameters[row] ?? 0;
    this.#parameters[set] ??= this.#formatted(set);
    return this.#parameters[set];
  }

  /** The rows of the compilers that a row was built with; of specs from before Spack 1.0 only their text is known. */
  compilers(row: number): number[] {
    const { firstEdge, edgeTarget, edgeKind } = this.#table;
    const found = new Set<number>();
    for (let edge = firstEdge[row] ?? 0; edge < (firstEdge[row + 1] ?? 0); edge += 1)
      if (this.#isCompilerEdge[edgeKind[edge] ?? 0]) found.add(edgeTarget[edge] ?? 0);
    return [...found];
  }

  /** `gcc@12.2.0`; empty if nothing was compiled. */
  compiler(row: number): string {
    const rows = this.compilers(row);
    if (rows.length === 0) return this.#table.origins[this.#table.origin[row] ?? 0]?.compiler ?? "";
    return rows.map((each) => `${this.name(each)}@${this.version(each)}`).join(" ");
  }

  #formatted(set: number): string {
    const { values, ...rest } = this.#table.parameterSets[set] ?? { values: {} };
    const node = nodeWith({ hash: `label ${set}`, ...parametersOf({ values, ...rest }) });
    try {
      return formatSpec(new Map(), node, "{variants} {compiler_flags}").trim();
    } catch (error) {
      // Spack did not write such a spec.
      if (isSpackOciError(error)) return JSON.stringify(values);
      throw error;
    }
  }
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes with three digits; nothing for an unknown count. */
export function sizeText(bytes: number): string {
  if (bytes < 0) return "–";
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)}\u00A0${UNITS[power]}`;
}

export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** `2026-03-09`, in UTC. */
export function dayText(minutes: number): string {
  return minutes < 0 ? "–" : new Date(minutes * 60_000).toISOString().slice(0, 10);
}
