// Defines the compact form of a catalog that the page loads first: dictionaries, and a column of numbers for each member.

import type { SiteArchitecture, SiteFinding, SpecOrigin } from "../catalog/site-catalog.js";

/**
 * The rows are the packages of the catalog, followed by the other specs. A column has a number for each row, unless it
 * says otherwise; in columns of dictionaries, see {@link encodeEntries}.
 */
export interface CatalogColumns {
  readonly mirror: string;
  /** ISO 8601. */
  readonly read: string;
  /** How many rows are packages. */
  readonly packages: number;
  /** All hashes, one after the other. Those of other lengths than 32 are in `oddHashes`, and 32 spaces here. */
  readonly hashes: string;
  readonly oddHashes: Readonly<Record<number, string>>;
  readonly names: readonly string[];
  readonly name: readonly number[];
  readonly versions: readonly string[];
  readonly version: readonly number[];
  readonly namespaces: readonly (string | null)[];
  readonly namespace: readonly number[];
  readonly architectures: readonly (SiteArchitecture | null)[];
  readonly architecture: readonly number[];
  readonly parameterSets: readonly ParameterSet[];
  readonly parameters: readonly number[];
  readonly origins: readonly SpecOrigin[];
  readonly origin: readonly number[];
  /** 1 for externals. */
  readonly external: readonly number[];
  readonly edgeKinds: readonly EdgeKind[];
  /** How many dependencies each row has. */
  readonly degree: readonly number[];
  /** For all rows, one after the other: the row of each dependency. */
  readonly dependencies: readonly number[];
  readonly edgeKind: readonly number[];
  /** Bytes of the layer, -1 if unknown; for packages only. */
  readonly size: readonly number[];
  /** When the layer was packed: minutes since 1970, -1 if unknown; for packages only. */
  readonly packed: readonly number[];
  readonly roots: readonly (string | null)[];
  /** The root without padding; for packages only. */
  readonly root: readonly number[];
  readonly findings: readonly SiteFinding[];
}

/** What distinguishes builds of the same version: variants and flags, and what belongs to them. */
export interface ParameterSet {
  readonly values: Readonly<Record<string, unknown>>;
  readonly propagated?: readonly string[];
  readonly patches?: readonly string[];
}

export interface EdgeKind {
  readonly types: readonly string[];
  readonly virtuals: readonly string[];
  readonly direct: boolean;
}

/**
 * Numbers of entries in a dictionary whose entries are in the order of their first use. Neighbors often have the same
 * entry or a new one, so that is what compresses well: 0 for a new entry, otherwise how far back it is from the newest.
 */
export function encodeEntries(entries: readonly number[]): number[] {
  let newest = -1;
  return entries.map((entry) => {
    if (entry > newest) {
      newest = entry;
      return 0;
    }
    return newest - entry + 1;
  });
}

export function decodeEntries(codes: readonly number[]): Int32Array {
  let newest = -1;
  return Int32Array.from(codes, (code) => {
    if (code > 0) return newest - code + 1;
    newest += 1;
    return newest;
  });
}
