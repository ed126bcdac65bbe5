// Shows the nodes of a spec graph as specs, so that formats and constraints apply to them.

import { dependencyFlags } from "../model/dependency-flags.js";
import { groupBy } from "../model/group-by.js";
import type { ConcreteSpec, DependencyEdge } from "../model/spec.js";
import type { SpecDependency, SpecGraph, SpecNode } from "../specs/node.js";
import { concreteSpec } from "./concrete-spec.js";

/** The specs of one graph: the same spec for the same hash every time. */
export class ConcreteSpecs {
  readonly #graph: SpecGraph;
  readonly #specs = new Map<string, ConcreteSpec>();
  #dependents: ReadonlyMap<string, readonly DependencyEdge[]> | undefined;
  #graphVirtuals: ReadonlySet<string> | undefined;

  constructor(graph: SpecGraph) {
    this.#graph = graph;
  }

  /** The spec with this DAG hash, or `undefined` if the graph does not have it. */
  get(hash: string): ConcreteSpec | undefined {
    const known = this.#specs.get(hash);
    const node = known === undefined ? this.#graph.get(hash) : undefined;
    return node === undefined ? known : this.of(node);
  }

  /** The spec of `node`, which may stand outside the graph. */
  of(node: SpecNode): ConcreteSpec {
    const known = this.#specs.get(node.hash);
    if (known !== undefined) return known;
    const spec = this.#make(node);
    this.#specs.set(node.hash, spec);
    return spec;
  }

  /** All specs of the graph, in its order. */
  all(): readonly ConcreteSpec[] {
    return [...this.#graph.values()].map((node) => this.of(node));
  }

  #make(node: SpecNode): ConcreteSpec {
    const edges = (spec: ConcreteSpec) => this.#edges(spec, node.dependencies);
    return concreteSpec(node, edges, {
      dependents: () => this.#edgesTo(node.hash),
      graphVirtuals: () => this.#virtuals(),
    });
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

  #virtuals(): ReadonlySet<string> {
    this.#graphVirtuals ??= findVirtuals(this.#graph);
    return this.#graphVirtuals;
  }

  #edgesTo(hash: string): readonly DependencyEdge[] {
    this.#dependents ??= groupBy(
      this.all().flatMap((spec) => [...spec.dependencies.values()].flat()),
      (edge) => edge.spec.concrete?.hash ?? "",
    );
    return this.#dependents.get(hash) ?? [];
  }
}

const known = new WeakMap<SpecGraph, ConcreteSpecs>();

/** The specs of `graph`, made once. The graph must not be changed afterwards. */
export function concreteSpecs(graph: SpecGraph): ConcreteSpecs {
  const specs = known.get(graph) ?? new ConcreteSpecs(graph);
  known.set(graph, specs);
  return specs;
}

function findVirtuals(graph: SpecGraph): ReadonlySet<string> {
  const nodes = [...graph.values()];
  const virtuals = new Set(nodes.flatMap((node) => node.dependencies.flatMap((edge) => edge.virtuals)));
  for (const node of nodes) virtuals.delete(node.name);
  return virtuals;
}
