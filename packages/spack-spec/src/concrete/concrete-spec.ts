// Shows one node as a spec.

import type { Architecture } from "../model/architecture.js";
import { groupBy } from "../model/group-by.js";
import type { ConcreteFacts, ConcreteSpec, DependencyEdge } from "../model/spec.js";
import type { SpecNode } from "../specs/node.js";
import { pythonRepr } from "../text/python-text.js";
import { parseVersion } from "../versions/parse-version.js";
import { compilerOf } from "./compiler-annotation.js";
import { readCompilerFlags, readVariants } from "./read-parameters.js";

/** What a spec has to ask the graph around it for. */
export interface Surroundings {
  readonly dependents: () => readonly DependencyEdge[];
  readonly graphVirtuals: () => ReadonlySet<string>;
}

/**
 * The spec of `node`. What lies around it is asked for when it is needed.
 *
 * @throws SpackOciError `ERR_VERSION`, or `ERR_JSON_SHAPE` if flags are no list
 */
export function concreteSpec(
  node: SpecNode,
  edges: (spec: ConcreteSpec) => readonly DependencyEdge[],
  surroundings: Surroundings,
): ConcreteSpec {
  let dependencies: ReadonlyMap<string, readonly DependencyEdge[]> | undefined;
  const spec: ConcreteSpec = {
    name: node.name,
    namespace: node.namespace,
    versions: [parseVersion(node.version)],
    variants: readVariants(node),
    compilerFlags: readCompilerFlags(node),
    architecture: readArchitecture(node),
    abstractHash: undefined,
    get dependencies() {
      dependencies ??= sortByFlags(groupBy(edges(spec), (edge) => edge.spec.name));
      return dependencies;
    },
    concrete: readFacts(node, surroundings),
  };
  return spec;
}

function readFacts(node: SpecNode, surroundings: Surroundings): ConcreteFacts {
  const { external } = node;
  return {
    hash: node.hash,
    packageHash: node.packageHash,
    external: external && {
      path: external.path,
      modules: external.modules,
      extraAttributes: pythonRepr(external.extraAttributes),
    },
    specfileVersion: node.annotations.originalSpecfileVersion,
    compiler: compilerOf(node),
    get dependents() {
      return surroundings.dependents();
    },
    get graphVirtuals() {
      return surroundings.graphVirtuals();
    },
  };
}

function readArchitecture({ architecture }: SpecNode): Architecture | undefined {
  return (
    architecture && { platform: architecture.platform, os: architecture.os, target: architecture.target }
  );
}

function sortByFlags(
  groups: ReadonlyMap<string, readonly DependencyEdge[]>,
): ReadonlyMap<string, readonly DependencyEdge[]> {
  return new Map([...groups].map(([name, edges]) => [name, [...edges].sort((a, b) => a.flags - b.flags)]));
}
