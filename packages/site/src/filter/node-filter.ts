// Which rows satisfy a constraint without its dependencies. A row satisfies it if each of its parts does, so that each part
// is compared once with each entry of a dictionary, by Spack's rules, instead of once with each row.

import { isSpackOciError } from "@spack-oci/errors";
import {
  isKnownProvider,
  isVirtual,
  parseSpec,
  type Spec,
  type SpecNode,
  satisfies,
  specOfNode,
} from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import { nodeWith, parametersOf } from "./spec-nodes.js";

/** 1 for each row that is in a set, otherwise 0. */
export type RowSet = Uint8Array;

const NO_GRAPH: ReadonlyMap<string, SpecNode> = new Map();

export class NodeFilter {
  readonly #table: CatalogTable;
  readonly #packageNames: ReadonlySet<string>;
  /** Entries of dictionaries as nodes; the hashes only tell them apart. */
  readonly #versions: readonly SpecNode[];
  readonly #namespaces: readonly SpecNode[];
  readonly #architectures: readonly SpecNode[];
  readonly #parameters: readonly SpecNode[];

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#packageNames = new Set(table.names);
    this.#versions = table.versions.map((version, at) => nodeWith({ hash: `version ${at}`, version }));
    this.#namespaces = table.namespaces.map((namespace, at) =>
      nodeWith({ hash: `namespace ${at}`, namespace: namespace ?? undefined }),
    );
    this.#architectures = table.architectures.map((each, at) => {
      const architecture = each ? { ...each, targetJson: each.target } : undefined;
      return nodeWith({ hash: `architecture ${at}`, architecture });
    });
    this.#parameters = table.parameterSets.map((set, at) =>
      nodeWith({ hash: `parameters ${at}`, ...parametersOf(set) }),
    );
  }

  /** Has Spack's rules read versions and variants, which they do once. */
  *warmUp(step: number): Generator<void> {
    const constraint = parseSpec("@0 +x cflags=x");
    for (const nodes of [this.#versions, this.#parameters])
      for (let start = 0; start < nodes.length; start += step) {
        matches(nodes.slice(start, start + step), constraint);
        yield;
      }
  }

  /** Whether a name stands for a virtual package, as far as the table and what is known about compilers show. */
  isVirtual(name: string): boolean {
    if (isVirtual(name, parseSpec(""))) return true;
    return (
      !this.#packageNames.has(name) && this.#table.edgeKinds.some(({ virtuals }) => virtuals.includes(name))
    );
  }

  /** The rows that satisfy a constraint, whatever it says about dependencies. */
  rows(constraint: Spec): RowSet {
    const set = this.#named(constraint);
    const provided = this.isVirtual(constraint.name) ? this.#providers(constraint.name) : undefined;
    if (constraint.abstractHash) this.#keepHashes(constraint.abstractHash, set, provided);
    provided?.forEach((value, row) => {
      if (value) set[row] = 1;
    });
    return set;
  }

  /** Rows that have the name, if there is one, and all that the constraint asks for. */
  #named(constraint: Spec): RowSet {
    const { name, namespace, versions, variants, compilerFlags, architecture } = constraint;
    const table = this.#table;
    const any = parseSpec("");
    const set = new Uint8Array(table.rows).fill(1);
    if (name !== "")
      keep(
        set,
        table.name,
        table.names.map((each) => each === name),
      );
    if (namespace !== undefined) keep(set, table.namespace, matches(this.#namespaces, { ...any, namespace }));
    if (versions !== any.versions) keep(set, table.version, matches(this.#versions, { ...any, versions }));
    if (variants.size + compilerFlags.size > 0)
      keep(set, table.parameters, matches(this.#parameters, { ...any, variants, compilerFlags }));
    if (architecture !== undefined)
      keep(set, table.architecture, matches(this.#architectures, { ...any, architecture }));
    return set;
  }

  #keepHashes(start: string, ...sets: readonly (RowSet | undefined)[]): void {
    for (const set of sets)
      set?.forEach((value, row) => {
        if (value && this.#table.hashes[row]?.startsWith(start) !== true) set[row] = 0;
      });
  }

  /** Rows of other names that provide a virtual package, to others in the table or by their nature as compilers. */
  #providers(virtual: string): RowSet {
    const { rows, edgeKinds, edgeKind, edgeTarget, names, name, parameters } = this.#table;
    const set = new Uint8Array(rows);
    const provides = edgeKinds.map(({ virtuals }) => virtuals.includes(virtual));
    edgeTarget.forEach((target, edge) => {
      if (provides[edgeKind[edge] ?? 0]) set[target] = 1;
    });
    const constraint = parseSpec(virtual);
    const isExcluded = names.map((each) => each === virtual || this.isVirtual(each));
    const mayProvide = names.map(isKnownProvider);
    const known = new Map<string, boolean>();
    for (let row = 0; row < rows; row += 1) {
      const own = name[row] ?? 0;
      if (isExcluded[own]) set[row] = 0;
      else if (!set[row] && mayProvide[own]) {
        const key = `${own} ${parameters[row]}`;
        const members = { name: names[own] ?? "", hash: `provider ${key}` };
        const node = { ...this.#parameters[parameters[row] ?? 0], ...members } as SpecNode;
        known.set(key, known.get(key) ?? isMatch(node, constraint));
        set[row] = Number(known.get(key));
      }
    }
    return set;
  }
}

function keep(set: RowSet, column: Int32Array, entries: readonly boolean[]): void {
  for (let row = 0; row < set.length; row += 1) if (!entries[column[row] ?? 0]) set[row] = 0;
}

function matches(nodes: readonly SpecNode[], constraint: Spec): readonly boolean[] {
  return nodes.map((node) => isMatch(node, constraint));
}

/** What Spack's rules cannot read, in a spec that Spack did not write, matches nothing. */
function isMatch(node: SpecNode, constraint: Spec): boolean {
  try {
    return satisfies(specOfNode(NO_GRAPH, node), constraint);
  } catch (error) {
    if (isSpackOciError(error) && error.code !== "ERR_TARGET_UNKNOWN") return false;
    throw error;
  }
}
