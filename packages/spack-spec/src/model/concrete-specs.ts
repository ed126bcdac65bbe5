// Views the nodes of a spec graph as specs, so that they can be formatted and matched.

import { parseVersion, parseVersionList } from "../versions/parse-version.js";
import { ANY_VERSION } from "../versions/range.js";
import type { VersionList } from "../versions/types.js";
import { emptySpec } from "./abstract-spec.js";
import type { CompilerFlags } from "./compiler-flags.js";
import { dependencyFlags } from "./dependency-types.js";
import type { SpecDependency, SpecGraph, SpecNode } from "./node.js";
import { readCompilerFlags, readVariants } from "./read-parameters.js";
import type { ConcreteSpec, DependencyEdge, Spec } from "./spec.js";
import type { VariantMap } from "./variant.js";

/** The specs of one graph: always the same spec for the same hash. */
export class ConcreteSpecs {
  readonly #graph: SpecGraph;
  readonly #specs = new Map<string, ConcreteSpec>();
  readonly #versions = new Map<string, VersionList>();
  readonly #variants = new WeakMap<object, VariantMap>();
  readonly #providers = new Map<string, ReadonlySet<string>>();
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
    const spec = new NodeSpec(this, node);
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

  /** DAG hashes of the specs that provide a virtual package to another spec of the graph. */
  providersOf(virtual: string): ReadonlySet<string> {
    const known = this.#providers.get(virtual);
    if (known !== undefined) return known;
    const providers = new Set<string>();
    for (const { dependencies } of this.#graph.values())
      for (const { virtuals, hash } of dependencies) if (virtuals.includes(virtual)) providers.add(hash);
    this.#providers.set(virtual, providers);
    return providers;
  }

  /** A version as a list, once for all specs that have it. @throws SpackOciError `ERR_VERSION` */
  versionsOf({ version }: SpecNode): VersionList {
    const known = this.#versions.get(version);
    if (known !== undefined) return known;
    const versions = [parseVersion(version)];
    this.#versions.set(version, versions);
    return versions;
  }

  /** The variants of a node; once for all nodes with the same parameters, which an index shares. */
  variantsOf(node: SpecNode): VariantMap {
    if (node.patches.length + node.propagated.length > 0) return readVariants(node);
    const { parameters } = node;
    const known = this.#variants.get(parameters);
    if (known !== undefined) return known;
    const variants = readVariants(node);
    this.#variants.set(parameters, variants);
    return variants;
  }

  edgesOf(parent: ConcreteSpec): ReadonlyMap<string, readonly DependencyEdge[]> {
    return edgesByName(this.#edges(parent, parent.node.dependencies));
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

/** A node as a spec. Everything is read on first use, because a buildcache may have a hundred thousand of them. */
class NodeSpec implements ConcreteSpec {
  readonly node: SpecNode;
  readonly abstractHash: undefined = undefined;
  readonly #specs: ConcreteSpecs;
  #variants: VariantMap | undefined;
  #compilerFlags: CompilerFlags | undefined;
  #compiler: Spec | undefined;
  #dependencies: ReadonlyMap<string, readonly DependencyEdge[]> | undefined;

  constructor(specs: ConcreteSpecs, node: SpecNode) {
    this.#specs = specs;
    this.node = node;
  }

  get name(): string {
    return this.node.name;
  }

  get namespace(): string | undefined {
    return this.node.namespace;
  }

  get versions(): VersionList {
    return this.#specs.versionsOf(this.node);
  }

  get variants(): VariantMap {
    this.#variants ??= this.#specs.variantsOf(this.node);
    return this.#variants;
  }

  get compilerFlags(): CompilerFlags {
    this.#compilerFlags ??= readCompilerFlags(this.node);
    return this.#compilerFlags;
  }

  get architecture(): SpecNode["architecture"] {
    return this.node.architecture;
  }

  get compiler(): Spec | undefined {
    this.#compiler ??= compilerOf(this.node);
    return this.#compiler;
  }

  get dependencies(): ReadonlyMap<string, readonly DependencyEdge[]> {
    this.#dependencies ??= this.#specs.edgesOf(this);
    return this.#dependencies;
  }

  get dependents(): readonly DependencyEdge[] {
    return this.#specs.dependentsOf(this.node.hash);
  }

  get graphVirtuals(): ReadonlySet<string> {
    return this.#specs.virtuals;
  }

  provides(virtual: string): boolean {
    return this.#specs.providersOf(virtual).has(this.node.hash);
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
 *
 * @example
 * ```ts
 * import { readFileSync } from "node:fs";
 * import { parseSpec, parseSpecDocument, satisfies, specOfNode } from "@spack-oci/spack-spec";
 *
 * const { graph, root } = parseSpecDocument(readFileSync("margo.json", "utf8"));
 * console.log(satisfies(specOfNode(graph, root), parseSpec("margo-lite ^argobots-lite"))); // true
 * ```
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
  const virtuals = new Set<string>();
  for (const { dependencies } of graph.values())
    for (const edge of dependencies) for (const virtual of edge.virtuals) virtuals.add(virtual);
  for (const { name } of graph.values()) virtuals.delete(name);
  return virtuals;
}
