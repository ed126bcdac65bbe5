// Which rows satisfy a constraint without its dependencies. A row satisfies it if each of its parts does, so that each part
// is compared once with each entry of a dictionary, by Spack's rules, instead of once with each row.

import { isKnownProvider, isVirtual, parseSpec, type Spec, type SpecNode } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../data/decode-catalog.js";
import { isMatch, ParameterFilter } from "./parameter-filter.js";
import { addDependents, invert, keepCommon, keepMatching, type RowSet } from "./row-set.js";
import { nodeWith, parametersOf } from "./spec-nodes.js";

const ANYTHING = parseSpec("");

export class NodeFilter {
  readonly #table: CatalogTable;
  readonly #packageNames: ReadonlySet<string>;
  readonly #edgeVirtuals: ReadonlySet<string>;
  readonly #parameters: ParameterFilter;
  /** Entries of dictionaries as nodes; the hashes only distinguish them. */
  readonly #versions: readonly SpecNode[];
  readonly #namespaces: readonly SpecNode[];
  readonly #architectures: readonly SpecNode[];
  /** Versions are the longest dictionary, and stay the same while the rest of a spec is typed. */
  #lastVersions: { readonly wanted: string; readonly matching: readonly number[] } | undefined;

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#packageNames = new Set(table.names);
    this.#edgeVirtuals = new Set(table.edgeKinds.flatMap(({ virtuals }) => virtuals));
    this.#parameters = new ParameterFilter(table.parameterSets);
    this.#versions = table.versions.map((version) => nodeWith({ hash: `version ${version}`, version }));
    this.#namespaces = table.namespaces.map((namespace) =>
      nodeWith({ hash: `namespace ${namespace}`, namespace: namespace ?? undefined }),
    );
    this.#architectures = table.architectures.map((each) => {
      const architecture = each ? { ...each, targetJson: each.target } : undefined;
      return nodeWith({ hash: `architecture ${JSON.stringify(each)}`, architecture });
    });
  }

  /** Has Spack's rules read versions and parameters, which they do once. */
  *warmUp(step: number): Generator<void> {
    while (this.#parameters.read(step)) yield;
    const constraint = parseSpec("@0,1:2,3:");
    for (let start = 0; start < this.#versions.length; start += step) {
      matches(this.#versions.slice(start, start + step), constraint);
      yield;
    }
  }

  /** Whether a name stands for a virtual package, as far as the table and what is known about compilers show. */
  isVirtual(name: string): boolean {
    if (isVirtual(name, ANYTHING)) return true;
    return !this.#packageNames.has(name) && this.#edgeVirtuals.has(name);
  }

  /** The rows that satisfy a constraint, whatever it says about dependencies (`nodeSatisfies` in @spack-oci/spack-spec). */
  rows(constraint: Spec): RowSet {
    const set = this.#named(constraint);
    const { name, abstractHash } = constraint;
    if (this.isVirtual(name)) {
      const provided = this.#providers(name);
      for (let row = 0; row < set.length; row += 1) if (provided[row]) set[row] = 1;
    }
    if (abstractHash) this.#keepHashes(set, abstractHash);
    return set;
  }

  /** Rows that have the name, if there is one, and all that the constraint asks for. */
  #named(constraint: Spec): RowSet {
    const { name, namespace, versions, variants, compilerFlags, architecture } = constraint;
    const table = this.#table;
    const set = new Uint8Array(table.rows).fill(1);
    const propagated = new Map([...variants].filter(([, { propagate }]) => propagate));
    if (name !== "")
      keepMatching(
        set,
        table.name,
        table.names.map((each) => Number(each === name)),
      );
    if (namespace !== undefined)
      keepMatching(set, table.namespace, matches(this.#namespaces, { ...ANYTHING, namespace }));
    if (versions !== ANYTHING.versions) keepMatching(set, table.version, this.#matchingVersions(versions));
    if (variants.size + compilerFlags.size > 0)
      keepMatching(set, table.parameters, this.#parameters.matching(constraint));
    if (propagated.size > 0) keepCommon(set, this.#agreeing(propagated));
    if (architecture !== undefined)
      keepMatching(set, table.architecture, matches(this.#architectures, { ...ANYTHING, architecture }));
    return set;
  }

  #matchingVersions(versions: Spec["versions"]): readonly number[] {
    const wanted = JSON.stringify(versions, (_, value) => (typeof value === "bigint" ? `${value}` : value));
    if (this.#lastVersions?.wanted !== wanted)
      this.#lastVersions = { wanted, matching: matches(this.#versions, { ...ANYTHING, versions }) };
    return this.#lastVersions.matching;
  }

  /** Rows that neither contradict a propagated variant nor depend on one that does. */
  #agreeing(variants: Spec["variants"]): RowSet {
    const table = this.#table;
    const set = new Uint8Array(table.rows).fill(1);
    keepMatching(set, table.parameters, this.#parameters.matching({ ...ANYTHING, variants }));
    invert(set);
    addDependents(table, set, new Uint8Array(table.edgeKinds.length).fill(1));
    invert(set);
    return set;
  }

  #keepHashes(set: RowSet, start: string): void {
    const { hashes } = this.#table;
    for (let row = 0; row < set.length; row += 1)
      if (set[row] && hashes[row]?.startsWith(start) !== true) set[row] = 0;
  }

  /** Rows of other names that provide a virtual package, to others in the table or by their nature as compilers. */
  #providers(virtual: string): RowSet {
    const { rows, edgeKinds, edgeKind, edgeTarget, names, name, parameters } = this.#table;
    const set = new Uint8Array(rows);
    const provides = edgeKinds.map(({ virtuals }) => Number(virtuals.includes(virtual)));
    for (let edge = 0; edge < edgeTarget.length; edge += 1)
      if (provides[edgeKind[edge] ?? 0]) set[edgeTarget[edge] ?? 0] = 1;
    const constraint = parseSpec(virtual);
    const isExcluded = names.map((each) => Number(each === virtual || this.isVirtual(each)));
    const mayProvide = names.map((each) => Number(isKnownProvider(each)));
    const known = new Map<string, boolean>();
    for (let row = 0; row < rows; row += 1) {
      const own = name[row] ?? 0;
      if (isExcluded[own]) set[row] = 0;
      else if (!set[row] && mayProvide[own]) {
        const key = `${own} ${parameters[row]}`;
        const isProvider = known.get(key) ?? isMatch(this.#compiler(row), constraint);
        known.set(key, isProvider);
        set[row] = Number(isProvider);
      }
    }
    return set;
  }

  #compiler(row: number): SpecNode {
    const { names, name, parameterSets, parameters } = this.#table;
    const set = parameterSets[parameters[row] ?? 0] ?? { values: {} };
    const named = { name: names[name[row] ?? 0] ?? "" };
    return nodeWith({ hash: JSON.stringify([named, set]), ...named, ...parametersOf(set) });
  }
}

function matches(nodes: readonly SpecNode[], constraint: Spec): readonly number[] {
  return nodes.map((node) => Number(isMatch(node, constraint)));
}
