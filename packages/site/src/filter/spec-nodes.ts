// Views the rows of a table as the nodes that @spack-oci/spack-spec works with.

import type { DependencyType, Json, JsonObject, SpecNode } from "@spack-oci/spack-spec";
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

/** The types of each kind of edge as flags. */
export function flagsOfKinds({ edgeKinds }: CatalogTable): number[] {
  return edgeKinds.map(({ types }) => dependencyFlags(...(types as DependencyType[])));
}
