// The hierarchy of Lmod: a module can be loaded once its compiler and the other services it needs are.

import { SpackOciError } from "@spack-oci/errors";
import {
  dependencyEdges,
  findDependency,
  formatAny,
  preOrder,
  type Spec,
  type SpecNode,
  satisfies,
} from "@spack-oci/spack-spec";
import { recipeProvides } from "../recipes/recipe.js";
import { type Settings, stringsAt } from "../settings/read-setting.js";
import type { Surroundings } from "../surroundings.js";
import { combinations } from "./combinations.js";
import type { Matcher } from "./matching.js";

/** The packages of services such as `compiler` and `mpi`, in Spack's order. */
export type Services = ReadonlyMap<string, Spec>;

/** Directories that a module adds if some services are loaded. */
export interface ConditionalPath {
  /** The missing services. */
  readonly services: readonly string[];
  /** Parts of the path; names of missing services stand for what will be loaded. */
  readonly parts: readonly string[];
}

/** Which services packages need and provide, and the directories that follow (Spack: modules/lmod.py). */
export class Hierarchy {
  readonly #surroundings: Surroundings;
  readonly #settings: Settings;
  readonly #matcher: Matcher;
  #coreCompilers: readonly Spec[] | undefined;

  constructor(surroundings: Surroundings, settings: Settings, matcher: Matcher) {
    this.#surroundings = surroundings;
    this.#settings = settings;
    this.#matcher = matcher;
  }

  /** The services of the hierarchy from the outside to the inside; `compiler` is always one. */
  get tokens(): readonly string[] {
    return [...new Set([...stringsAt(this.#settings, "hierarchy"), "compiler"])];
  }

  /** Whether a package provides a service, so that its module opens a part of the hierarchy. */
  opens(node: SpecNode): boolean {
    return this.tokens.some((token) => this.#provides(node, token));
  }

  /** The directories between the root and the module file. */
  partsOf(node: SpecNode): string[] {
    const requires = this.requires(node);
    return this.#pathOf(
      this.tokens.filter((token) => requires.has(token)),
      requires,
    );
  }

  /**
   * The services that a package needs.
   *
   * @throws SpackOciError `ERR_MODULE_CORE_COMPILERS` if a core compiler is needed and none is known
   */
  requires(node: SpecNode): Services {
    const compiler = this.compilersOf(node)[0];
    const isCore = this.#matcher.satisfiesAny(node, stringsAt(this.#settings, "core_specs"));
    if (isCore || compiler === undefined) return new Map([["compiler", this.#firstCoreCompiler()]]);
    const filtered = this.#filteredServices(node);
    const requires = new Map<string, Spec>([["compiler", this.#matcher.specOf(compiler)]]);
    for (const token of this.tokens.filter((name) => !filtered.includes(name))) {
      if (!this.#matcher.contains(node, token) || this.#provides(node, token)) continue;
      const provider = findDependency(this.#matcher.specOf(node), token);
      if (provider !== undefined) requires.set(token, provider);
    }
    return requires;
  }

  /** The services that a package provides. */
  provides(node: SpecNode): Services {
    const spec = this.#matcher.specOf(node);
    const provides = new Map<string, Spec>();
    if (this.#surroundings.recipeOf(node)?.isCompiler === true) {
      provides.set("compiler", this.#matcher.parse(formatAny(spec, "{name}{@versions}")));
    }
    for (const token of this.tokens) if (this.#provides(node, token)) provides.set(token, spec);
    return provides;
  }

  /** The services of the hierarchy that a package neither needs nor provides. */
  missing(node: SpecNode): string[] {
    const available = this.#available(node);
    return this.tokens.filter((token) => !available.has(token));
  }

  /** Directories that the module adds in any case, as parts below the root. */
  unlockedPaths(node: SpecNode): string[][] {
    const available = this.#available(node);
    return distinct(this.#openedServices(node).map((services) => this.#pathOf(services, available)));
  }

  /** Directories that the module adds depending on the missing services that are loaded already. */
  conditionalPaths(node: SpecNode): ConditionalPath[] {
    const available = this.#available(node);
    const opened = this.#openedServices(node);
    return subsets(this.missing(node)).flatMap((services) => {
      const wanted = opened.map((each) =>
        this.tokens.filter((token) => [...services, ...each].includes(token)),
      );
      return distinct(wanted.map((each) => this.#pathOf(each, available))).map((parts) => ({
        services,
        parts,
      }));
    });
  }

  /** The C compilers of a package and of its dependencies; the first one decides. */
  compilersOf(node: SpecNode): readonly SpecNode[] {
    const nodes = preOrder(this.#surroundings.graph, [node.hash], { deptypes: ["link", "run"] });
    return nodes.flatMap((each) =>
      dependencyEdges(this.#matcher.specOf(each))
        .filter(({ virtuals }) => virtuals.includes("c"))
        .flatMap(({ spec }) => spec.node ?? []),
    );
  }

  #available(node: SpecNode): Services {
    return new Map([...this.requires(node), ...this.provides(node)]);
  }

  /** Every combination of provided services, together with those that are needed anyway. */
  #openedServices(node: SpecNode): string[][] {
    const provides = [...this.provides(node).keys()];
    const requires = [...this.requires(node).keys()].filter(
      (token) => token !== "compiler" || !provides.includes("compiler"),
    );
    const opened = subsets(provides).map((chosen) =>
      this.tokens.filter((token) => [...chosen, ...requires].includes(token)),
    );
    return opened;
  }

  #pathOf(tokens: readonly string[], services: Services): string[] {
    return tokens.map((token) => {
      const service = services.get(token);
      return service === undefined ? token : this.#partOf(token, service);
    });
  }

  /** Providers have a hash in their directory, compilers do not. */
  #partOf(token: string, service: Spec): string {
    const cores = token === "compiler" ? this.#cores() : [];
    if (cores.some((core) => satisfies(service, core))) return "Core";
    const part = formatAny(service, "{name}/{version}").split("/").map(politeName).join("/");
    return token === "compiler" ? part : `${part}-${service.node?.hash.slice(0, 7)}`;
  }

  #provides(node: SpecNode, token: string): boolean {
    const recipe = this.#surroundings.recipeOf(node);
    const satisfied = (condition: string) => this.#matcher.satisfies(node, condition);
    return recipe !== undefined && recipeProvides(recipe, token, satisfied);
  }

  #filteredServices(node: SpecNode): readonly string[] {
    const filters = this.#settings.get("filter_hierarchy_specs");
    if (!(filters instanceof Map)) return [];
    const [, services] = [...filters].find(([constraint]) => this.#matcher.satisfies(node, constraint)) ?? [];
    return Array.isArray(services) ? services.map(String) : [];
  }

  #cores(): readonly Spec[] {
    this.#coreCompilers ??= this.#findCores();
    return this.#coreCompilers;
  }

  #findCores(): readonly Spec[] {
    const configured = stringsAt(this.#settings, "core_compilers").flatMap((compiler) =>
      dependencyEdges(this.#matcher.parse(`%${compiler}`)).map(({ spec }) => spec),
    );
    return configured.length > 0 ? configured : this.#surroundings.systemCompilers();
  }

  #firstCoreCompiler(): Spec {
    const [core] = this.#cores();
    if (core !== undefined) return core;
    throw new SpackOciError("ERR_MODULE_CORE_COMPILERS", "No core compiler is configured for Lmod.", {
      kind: "usage",
      place: "modules:lmod:core_compilers",
      hint: "Set `core_compilers` in modules.yaml, for example to `[gcc@12.2.0]`.",
    });
  }
}

/** All combinations of at least one item, the shorter ones first. */
function subsets(items: readonly string[]): string[][] {
  return items.flatMap((_, index) => combinations(items, index + 1));
}

function distinct(paths: readonly string[][]): string[][] {
  return [...new Map(paths.map((path) => [path.join("\0"), path])).values()];
}

/** A component without characters that some tools stumble over (Spack: llnl/util/filesystem.py, `polite_filename`). */
function politeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_+.-]/gu, "_");
}
