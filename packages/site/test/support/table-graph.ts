// All rows of a table as a graph, so that the filter can be compared with the rules for single specs.

import type { DependencyType, SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { CatalogTable } from "../../src/data/decode-catalog.js";
import { nodeWith, parametersOf } from "../../src/filter/spec-nodes.js";

/** Where an external is does not matter to matching. */
const EXTERNAL = { path: "/", modules: null, extraAttributes: new Map() };

export function graphOfTable(table: CatalogTable): SpecGraph {
  return new Map(table.hashes.map((hash, row) => [hash, nodeOf(table, row)]));
}

function nodeOf(table: CatalogTable, row: number): SpecNode {
  const { specVersion = 5, compiler } = table.origins[table.origin[row] ?? 0] ?? {};
  const architecture = table.architectures[table.architecture[row] ?? 0];
  return nodeWith({
    hash: table.hashes[row] ?? "",
    name: nameOf(table, row),
    version: table.versions[table.version[row] ?? 0] ?? "",
    namespace: table.namespaces[table.namespace[row] ?? 0] ?? undefined,
    architecture: architecture ? { ...architecture, targetJson: architecture.target } : undefined,
    ...parametersOf(table.parameterSets[table.parameters[row] ?? 0] ?? { values: {} }),
    external: table.external[row] ? EXTERNAL : undefined,
    annotations: { originalSpecfileVersion: specVersion, ...(compiler === undefined ? {} : { compiler }) },
    dependencies: dependenciesOf(table, row),
  });
}

function dependenciesOf(table: CatalogTable, row: number): SpecNode["dependencies"] {
  const [start = 0, end = 0] = table.firstEdge.slice(row, row + 2);
  return Array.from({ length: end - start }, (_, at) => {
    const target = table.edgeTarget[start + at] ?? 0;
    const kind = table.edgeKinds[table.edgeKind[start + at] ?? 0];
    return {
      name: nameOf(table, target),
      hash: table.hashes[target] ?? "",
      deptypes: (kind?.types ?? []) as DependencyType[],
      virtuals: kind?.virtuals ?? [],
      direct: kind?.direct ?? false,
    };
  });
}

function nameOf(table: CatalogTable, row: number): string {
  return table.names[table.name[row] ?? 0] ?? "";
}
