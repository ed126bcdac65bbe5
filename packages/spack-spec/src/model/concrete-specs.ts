// Views the nodes of a spec graph as specs, so that they can be formatted and matched.

import { parseVersion, parseVersionList } from "../versions/parse-version.js";
import { ANY_VERSION } from "../versions/range.js";
import { emptySpec } from "./abstract-spec.js";
import { dependencyFlags } from "./dependency-types.js";
import type { SpecDependency, SpecGraph, SpecNode } from "./node.js";
import { readCompilerFlags, readVariants } from "./read-parameters.js";
import type { ConcreteSpec, DependencyEdge, Spec } from "./spec.js";

/** The specs of one graph: always the same spec for the same hash. */
export class ConcreteSpecs {
  readonly #graph: SpecGraph;
  readonly #specs = new Map<string, ConcreteSpec>();
  #dependents: ReadonlyMap<string, readonly DependencyEdge[]> | undefined;
  #graphVirtuals: ReadonlySet<string> | undefined;

  constructor(graph: SpecGraph) {
    this.#graph = graph;
  }

  /** The spec with this DAG hash; undefined if the graph does not have it. */
  get(hash: string): ConcreteSpec | undefined {
    const known = this.#specs.get(hash);
    const node = known === undefined ? this.#graph.get(hash) : undefined;
    return node === undefined ? known : this.of(node);
  }

  /** The spec of `node`, which may be outside the graph. */
  of(node: SpecNode): ConcreteSpec {
    const known = this.#specs.get(node.hash);
    if (known !== undefined) return known;
    const spec = this.#make(node);
    this.#specs.set(node.hash, spec);
    return spec;
  }

  /** Edges from all specs of the graph that depend on `hash`. */
  dependentsOf(hash: string): readonly DependencyEdge[] {
    this.#dependents ??= groupBy(
      [...this.#graph.values()].flatMap((node) => [...this.of(node).dependencies.values()].flat()),
      (edge) => edge.spec.node?.hash ?? "",
    );
    return this.#dependents.get(hash) ?? [];
  }

  /** The virtual packages that a spec of the graph provides to another one, except names of packages. */
  get virtuals(): ReadonlySet<string> {
    this.#graphVirtuals ??= findVirtuals(this.#graph);
    return this.#graphVirtuals;
  }

  /** Everything that depends on the rest of the graph is computed on first use. */
  #make(node: SpecNode): ConcreteSpec {
    const specs = this;
    let dependencies: ReadonlyMap<string, readonly DependencyEdge[]> | undefined;
    const spec: ConcreteSpec = {
      name: node.name,
      namespace: node.namespace,
      versions: [parseVersion(node.version)],
      variants: readVariants(node),
      compilerFlags: readCompilerFlags(node),
      architecture: node.architecture,
      abstractHash: undefined,
      node,
      compiler: compilerOf(node),
      get dependencies() {
        dependencies ??= edgesByName(specs.#edges(spec, node.dependencies));
        return dependencies;
      },
      get dependents() {
        return specs.dependentsOf(node.hash);
      },
      get graphVirtuals() {
        return specs.virtuals;
      },
    };
    return spec;
  }

  #edges(parent: ConcreteSpec, dependencies: readonly SpecDependency[]): readonly DependencyEdge[] {
    return dependencies.flatMap((dependency) => {
      const spec = this.get(dependency.hash);
      if (spec === undefined) return [];
      return [
        {
          parent,
          spec,
          flags: dependencyFlags(...dependency.deptypes),
          virtuals: [...dependency.virtuals].sort(),
          direct: dependency.direct,
          propagate: false,
          when: undefined,
        },
      ];
    });
  }
}

const viewed = new WeakMap<SpecGraph, ConcreteSpecs>();

/** The specs of `graph`, created once. The graph must not change afterwards. */
export function concreteSpecs(graph: SpecGraph): ConcreteSpecs {
  const specs = viewed.get(graph) ?? new ConcreteSpecs(graph);
  viewed.set(graph, specs);
  return specs;
}

/**
 * A node as a spec, for everything that takes specs: matching, formatting and sorting.
 *
 * @param graph where the node's dependencies and dependents are looked up; it must not change afterwards
 * @throws SpackOciError `ERR_VERSION`, or `ERR_JSON_SHAPE` if compiler flags are not a list
 */
export function specOfNode(graph: SpecGraph, node: SpecNode): ConcreteSpec {
  return concreteSpecs(graph).of(node);
}

/** The compiler that Spack before 1.0 recorded next to a spec, now one of its dependencies: `gcc@=12.2.0`. */
function compilerOf(node: SpecNode): Spec | undefined {
  const { compiler } = node.annotations;
  if (compiler === undefined) return undefined;
  const at = compiler.indexOf("@");
  return {
    ...emptySpec(),
    name: at < 0 ? compiler : compiler.slice(0, at),
    versions: at < 0 ? ANY_VERSION : parseVersionList(compiler.slice(at + 1)),
  };
}

function edgesByName(edges: readonly DependencyEdge[]): ReadonlyMap<string, readonly DependencyEdge[]> {
  const groups = groupBy(edges, (edge) => edge.spec.name);
  return new Map([...groups].map(([name, same]) => [name, [...same].sort((a, b) => a.flags - b.flags)]));
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

function findVirtuals(graph: SpecGraph): ReadonlySet<string> {
  const nodes = [...graph.values()];
  const virtuals = new Set(nodes.flatMap((node) => node.dependencies.flatMap((edge) => edge.virtuals)));
  for (const node of nodes) virtuals.delete(node.name);
  return virtuals;
}
