// Turns columns back into what can be looked up by row.

import { type CatalogColumns, decodeEntries } from "./columns.js";

const HASH_LENGTH = 32;

type Dictionaries = Pick<
  CatalogColumns,
  | "mirror"
  | "read"
  | "packages"
  | "names"
  | "versions"
  | "namespaces"
  | "architectures"
  | "parameterSets"
  | "origins"
  | "edgeKinds"
  | "roots"
  | "findings"
>;

/** A catalog in memory. A row is the number of a spec; the first `packages` rows have a binary. */
export interface CatalogTable extends Dictionaries {
  /** How many specs there are. */
  readonly rows: number;
  readonly hashes: readonly string[];
  readonly rowOfHash: ReadonlyMap<string, number>;
  readonly name: Int32Array;
  readonly version: Int32Array;
  readonly namespace: Int32Array;
  readonly architecture: Int32Array;
  readonly parameters: Int32Array;
  readonly origin: Int32Array;
  readonly external: Uint8Array;
  /** The edges of a row are those from `firstEdge[row]` up to `firstEdge[row + 1]`. */
  readonly firstEdge: Int32Array;
  /** The row that an edge leads to. */
  readonly edgeTarget: Int32Array;
  readonly edgeKind: Int32Array;
  /** Edges by their target, in the same way: `dependentEdges[firstDependent[row]]` and so on. */
  readonly firstDependent: Int32Array;
  readonly dependentEdges: Int32Array;
  /** The row that an edge starts at. */
  readonly edgeSource: Int32Array;
  /** Bytes of the layer; -1 if unknown. */
  readonly size: Float64Array;
  /** Minutes since 1970; -1 if unknown. */
  readonly packed: Int32Array;
  readonly root: Int32Array;
}

export function decodeCatalog(columns: CatalogColumns): CatalogTable {
  const rows = columns.degree.length;
  const hashes = Array.from(
    { length: rows },
    (_, row) => columns.oddHashes[row] ?? columns.hashes.slice(row * HASH_LENGTH, (row + 1) * HASH_LENGTH),
  );
  const firstEdge = offsets(columns.degree);
  const edgeTarget = Int32Array.from(columns.dependencies);
  return {
    ...columns,
    rows,
    hashes,
    rowOfHash: new Map(hashes.map((hash, row) => [hash, row])),
    name: decodeEntries(columns.name),
    version: decodeEntries(columns.version),
    namespace: decodeEntries(columns.namespace),
    architecture: decodeEntries(columns.architecture),
    parameters: decodeEntries(columns.parameters),
    origin: decodeEntries(columns.origin),
    external: Uint8Array.from(columns.external),
    firstEdge,
    edgeTarget,
    edgeKind: decodeEntries(columns.edgeKind),
    ...reversed(firstEdge, edgeTarget),
    size: Float64Array.from(columns.size),
    packed: Int32Array.from(columns.packed),
    root: decodeEntries(columns.root),
  };
}

/** Where each of several consecutive lists starts, and where the last one ends. */
function offsets(lengths: ArrayLike<number>): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  for (let at = 0; at < lengths.length; at += 1) starts[at + 1] = (starts[at] ?? 0) + (lengths[at] ?? 0);
  return starts;
}

function reversed(firstEdge: Int32Array, edgeTarget: Int32Array) {
  const rows = firstEdge.length - 1;
  const counts = new Int32Array(rows);
  for (const target of edgeTarget) counts[target] = (counts[target] ?? 0) + 1;
  const firstDependent = offsets(counts);
  const next = firstDependent.slice();
  const dependentEdges = new Int32Array(edgeTarget.length);
  const edgeSource = new Int32Array(edgeTarget.length);
  for (let row = 0; row < rows; row += 1) {
    for (let edge = firstEdge[row] ?? 0; edge < (firstEdge[row + 1] ?? 0); edge += 1) {
      const target = edgeTarget[edge] ?? 0;
      edgeSource[edge] = row;
      dependentEdges[next[target] ?? 0] = edge;
      next[target] = (next[target] ?? 0) + 1;
    }
  }
  return { firstDependent, dependentEdges, edgeSource };
}
