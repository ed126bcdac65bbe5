// Views the rows of a table as the nodes that @spack-oci/spack-spec works with.

import type { DependencyType, Json, JsonObject, SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import { dependencyFlags } from "@spack-oci/spack-spec";
import type { ParameterSet } from "../data/columns.js";
import type { CatalogTable } from "../data/decode-catalog.js";

const NEWEST_SPEC_VERSION = 5;
const EMPTY: JsonObject = new Map();

/** The members of a node that matter to matching; the rest is empty. */
export function nodeWith(members: Partial<SpecNode> & Pick<SpecNode, "hash">): SpecNode {
  return {
    name: "",
    version: "0",
    namespace: undefined,
    architecture: undefined,
    parameters: EMPTY,
    propagated: [],
    external: undefined,
    patches: [],
    packageHash: undefined,
    dependencies: [],
    buildSpec: undefined,
    annotations: { originalSpecfileVersion: NEWEST_SPEC_VERSION },
    specfileVersion: NEWEST_SPEC_VERSION,
    json: EMPTY,
    ...members,
  };
}

/** The parameters of a node. */
export function parametersOf({ values, propagated = [], patches = [] }: ParameterSet) {
  return { parameters: new Map(Object.entries(values)) as ReadonlyMap<string, Json>, propagated, patches };
}

/** All rows as a graph, which is made in steps, because it takes a while. */
export class GraphBuilder {
  readonly #table: CatalogTable;
  readonly #graph = new Map<string, SpecNode>();
  readonly #parameters: readonly ReturnType<typeof parametersOf>[];
  #next = 0;

  constructor(table: CatalogTable) {
    this.#table = table;
    this.#parameters = table.parameterSets.map(parametersOf);
  }

  /** @returns whether there is more to do */
  step(rows: number): boolean {
    const end = Math.min(this.#table.rows, this.#next + rows);
    for (; this.#next < end; this.#next += 1) {
      const node = this.#node(this.#next);
      this.#graph.set(node.hash, node);
    }
    return end < this.#table.rows;
  }

  /** Makes what is missing. */
  graph(): SpecGraph {
    this.step(this.#table.rows);
    return this.#graph;
  }

  #node(row: number): SpecNode {
    const table = this.#table;
    const { specVersion = NEWEST_SPEC_VERSION, compiler } = table.origins[table.origin[row] ?? 0] ?? {};
    const architecture = table.architectures[table.architecture[row] ?? 0];
    return nodeWith({
      hash: table.hashes[row] ?? "",
      name: table.names[table.name[row] ?? 0] ?? "",
      version: table.versions[table.version[row] ?? 0] ?? "",
      namespace: table.namespaces[table.namespace[row] ?? 0] ?? undefined,
      architecture: architecture ? { ...architecture, targetJson: architecture.target } : undefined,
      ...this.#parameters[table.parameters[row] ?? 0],
      external: table.external[row] ? EXTERNAL : undefined,
      annotations: { originalSpecfileVersion: specVersion, ...(compiler === undefined ? {} : { compiler }) },
      dependencies: dependenciesOf(table, row),
    });
  }
}

/** Where an external is does not matter to matching. */
const EXTERNAL = { path: "/", modules: null, extraAttributes: EMPTY };

function dependenciesOf(table: CatalogTable, row: number): SpecNode["dependencies"] {
  const edges = range(table.firstEdge[row] ?? 0, table.firstEdge[row + 1] ?? 0);
  return edges.map((edge) => {
    const target = table.edgeTarget[edge] ?? 0;
    const kind = table.edgeKinds[table.edgeKind[edge] ?? 0];
    return {
      name: table.names[table.name[target] ?? 0] ?? "",
      hash: table.hashes[target] ?? "",
      deptypes: (kind?.types ?? []) as DependencyType[],
      virtuals: kind?.virtuals ?? [],
      direct: kind?.direct ?? false,
    };
  });
}

/** The types of each kind of edge as flags. */
export function flagsOfKinds({ edgeKinds }: CatalogTable): number[] {
  return edgeKinds.map(({ types }) => dependencyFlags(...(types as DependencyType[])));
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at);
}
