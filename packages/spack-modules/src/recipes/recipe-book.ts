// Finds recipes: in the package repositories of this machine, else in the prefix that was built from them.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SpecNode } from "@spack-oci/spack-spec";
import { keptRecipePaths } from "./kept-recipe.js";
import { recipeClassName, recipeDirectoryName } from "./names.js";
import { readSource, type SourceClass, type SourceFile } from "./read-recipe.js";
import type { Recipe } from "./recipe.js";

/** A package repository on this machine. */
export interface RecipeRepository {
  readonly namespace: string;
  /** The directory with `repo.yaml`. */
  readonly directory: string;
  /** The directory of packages below it. */
  readonly subdirectory: string;
  /** The version of the package API, such as `[2, 0]`. */
  readonly packageApi: readonly [number, number];
}

const BUILD_SYSTEMS = /^(?:spack_repo\.builtin\.build_systems|spack\.build_systems)\./;
const SPACK_MODULES = /^spack\.(?:package|package_base|build_systems)\b/;

/** Attributes of a recipe that its module files would use (Spack: modules/common.py, `BaseModuleFileWriter`). */
const MODULE_MEMBERS = ["tcl_template", "lmod_template", "tcl_context", "lmod_context"];

const NOTHING: Omit<Recipe, "documentation"> = {
  provisions: [],
  isCompiler: false,
  changesOwnEnvironment: false,
  changesDependents: false,
  ownEnvironment: [],
  dependentEnvironment: [],
  hasModuleContext: false,
  knowsBases: true,
  knowsProvisions: true,
};

/** Recipes, each read once. */
export class RecipeBook {
  readonly #repositories: readonly RecipeRepository[];
  readonly #prefixOf: (node: SpecNode) => string | undefined;
  readonly #recipes = new Map<string, Recipe | undefined>();
  readonly #sources = new Map<string, SourceFile>();

  /** @param repositories in the order of the configuration */
  constructor(repositories: readonly RecipeRepository[], prefixOf: (node: SpecNode) => string | undefined) {
    this.#repositories = repositories;
    this.#prefixOf = prefixOf;
  }

  /** Whether a repository of this machine has the recipe, so that Spack can run it. */
  isInstalled(node: SpecNode): boolean {
    return this.#installedFile(node) !== undefined;
  }

  /**
   * The recipe of a package: as Spack, the one in the repository of its namespace, which may have changed since the
   * package was built (Spack: repo.py, `RepoPath.get`); else the one that its prefix keeps.
   */
  recipeOf(node: SpecNode): Recipe | undefined {
    if (!this.#recipes.has(node.hash)) this.#recipes.set(node.hash, this.#read(node));
    return this.#recipes.get(node.hash);
  }

  #read(node: SpecNode): Recipe | undefined {
    const file = this.#installedFile(node) ?? this.#keptFile(node);
    if (file === undefined) return undefined;
    return this.#readClass(file, recipeClassName(node.name), node);
  }

  #installedFile({ name, namespace }: SpecNode): string | undefined {
    const candidates = this.#repositories.filter(
      (repository) => namespace === undefined || repository.namespace === namespace,
    );
    return candidates.map((repository) => packageFile(repository, name)).find((file) => existsSync(file));
  }

  #keptFile(node: SpecNode): string | undefined {
    const prefix = this.#prefixOf(node);
    if (prefix === undefined || node.external !== undefined) return undefined;
    const candidates = keptRecipePaths(node).map((path) => join(prefix, path));
    return candidates.find((file) => existsSync(file));
  }

  #readClass(file: string, className: string, node: SpecNode): Recipe | undefined {
    const source = this.#source(file);
    const own = source.classes.get(className);
    if (own === undefined) return undefined;
    const bases = own.bases.map((base) => this.#inherited(base, { file, source, node }));
    return combine(own, bases);
  }

  /** What a base class contributes; undefined if it is unknown. */
  #inherited(
    base: string,
    from: { readonly file: string; readonly source: SourceFile; readonly node: SpecNode },
  ): Recipe | undefined {
    const nothing = { ...NOTHING, documentation: undefined };
    const [head = "", ...rest] = base.split(".");
    if (rest.length === 0 && from.source.classes.has(base))
      return this.#readClass(from.file, base, from.node);
    const imported = from.source.imports.get(head);
    const module = [imported?.module, rest.length > 0 ? imported?.name : undefined].filter(Boolean).join(".");
    const name = rest.at(-1) ?? imported?.name ?? base;
    if (name === "CompilerPackage") return { ...nothing, isCompiler: true };
    const file = module.startsWith(".") ? siblingFile(from.file, module) : this.#moduleFile(module);
    if (BUILD_SYSTEMS.test(module)) {
      if (file === undefined) return isHarmless(name) ? nothing : undefined;
      return this.#readClass(file, name, from.node) ?? nothing;
    }
    if (file !== undefined) return this.#readClass(file, name, from.node);
    if (imported === undefined || SPACK_MODULES.test(module)) {
      return isHarmless(name) ? nothing : undefined;
    }
    return undefined;
  }

  /** The file of a module such as `spack_repo.builtin.packages.gcc.package`. */
  #moduleFile(module: string): string | undefined {
    for (const { namespace, directory } of this.#repositories) {
      const prefix = `spack_repo.${namespace}.`;
      if (!module.startsWith(prefix)) continue;
      const file = `${join(directory, ...module.slice(prefix.length).split("."))}.py`;
      if (existsSync(file)) return file;
    }
    return undefined;
  }

  #source(file: string): SourceFile {
    const known = this.#sources.get(file) ?? readSource(readFileSync(file, "utf8"));
    this.#sources.set(file, known);
    return known;
  }
}

/** The file of a relative module such as `.cmake`; undefined if it does not exist. */
function siblingFile(file: string, module: string): string | undefined {
  const [dots = ""] = /^\.+/.exec(module) ?? [];
  const parents = Array.from(dots.slice(1), () => "..");
  const path = `${join(dirname(file), ...parents, ...module.slice(dots.length).split("."))}.py`;
  return existsSync(path) ? path : undefined;
}

/**
 * Whether a base class of Spack or of a build system never changes run environments. Of all build systems, only that of
 * oneAPI does.
 */
function isHarmless(name: string): boolean {
  return (
    name === "object" ||
    (/(?:Package|PackageBase|Extension|Library)$/.test(name) && !name.startsWith("IntelOneApi"))
  );
}

function packageFile({ directory, subdirectory, packageApi }: RecipeRepository, name: string): string {
  const folder = packageApi[0] < 2 ? name : recipeDirectoryName(name);
  return join(directory, subdirectory, folder, "package.py");
}

/** Directives add up; methods and attributes are those of the first class that has them. */
function combine(own: SourceClass, bases: readonly (Recipe | undefined)[]): Recipe {
  const known = bases.filter((base) => base !== undefined);
  const has = (member: string) => own.members.has(member);
  return {
    documentation: own.documentation,
    provisions: [...own.provisions, ...known.flatMap(({ provisions }) => provisions)],
    isCompiler: own.tags?.includes("compiler") ?? known.some(({ isCompiler }) => isCompiler),
    changesOwnEnvironment:
      has("setup_run_environment") || known.some(({ changesOwnEnvironment }) => changesOwnEnvironment),
    changesDependents:
      has("setup_dependent_run_environment") || known.some(({ changesDependents }) => changesDependents),
    ownEnvironment: methodOf("setup_run_environment", own, bases),
    dependentEnvironment: methodOf("setup_dependent_run_environment", own, bases),
    hasModuleContext: MODULE_MEMBERS.some(has) || known.some(({ hasModuleContext }) => hasModuleContext),
    knowsBases: bases.every((base) => base?.knowsBases === true),
    knowsProvisions: own.knowsProvisions && known.every(({ knowsProvisions }) => knowsProvisions),
  };
}

/** What a method does: that of the class itself, else that of its only base class that has it. */
function methodOf(
  name: "setup_run_environment" | "setup_dependent_run_environment",
  own: SourceClass,
  bases: readonly (Recipe | undefined)[],
): Recipe["ownEnvironment"] {
  if (own.members.has(name)) return own.environmentMethods.get(name);
  const inherited = bases.map((base) =>
    name === "setup_run_environment" ? base?.ownEnvironment : base?.dependentEnvironment,
  );
  if (inherited.includes(undefined)) return undefined;
  const [only = [], ...others] = inherited.filter((statements) => statements?.length !== 0);
  return others.length > 0 ? undefined : only;
}
