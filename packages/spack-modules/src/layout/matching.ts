// Whether packages match the constraints of the configuration; constraints are parsed once.

import {
  type ConcreteSpec,
  findDependency,
  type Spec,
  type SpecNode,
  satisfies,
  specOfNode,
} from "@spack-oci/spack-spec";
import type { Surroundings } from "../surroundings.js";

/** Matches packages of one graph. */
export class Matcher {
  readonly #surroundings: Pick<Surroundings, "graph" | "parse">;
  readonly #parsed = new Map<string, Spec>();

  constructor(surroundings: Pick<Surroundings, "graph" | "parse">) {
    this.#surroundings = surroundings;
  }

  /** The package as a spec. */
  specOf(node: SpecNode): ConcreteSpec {
    return specOfNode(this.#surroundings.graph, node);
  }

  /** @throws SpackOciError of the parser */
  parse(constraint: string): Spec {
    const known = this.#parsed.get(constraint) ?? this.#surroundings.parse(constraint);
    this.#parsed.set(constraint, known);
    return known;
  }

  satisfies(node: SpecNode, constraint: string): boolean {
    return satisfies(this.specOf(node), this.parse(constraint));
  }

  satisfiesAny(node: SpecNode, constraints: readonly string[]): boolean {
    return constraints.some((constraint) => this.satisfies(node, constraint));
  }

  /**
   * Whether the package or one of its dependencies satisfies the constraint; anonymous constraints are about the
   * package alone (Spack: spec.py, `Spec.__contains__`).
   */
  contains(node: SpecNode, constraint: string): boolean {
    const spec = this.specOf(node);
    const right = this.parse(constraint);
    if (right.name === "" || right.name === node.name) return satisfies(spec, right);
    const dependency = findDependency(spec, right.name);
    return dependency !== undefined && satisfies(dependency, right);
  }
}
