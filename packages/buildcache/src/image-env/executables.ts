// Computes the modifications that Spack makes package by package: programs on PATH, and what recipes add.

import { posix } from "node:path";
import { type SpecGraph, type SpecNode, sortedDependencies, topological } from "@spack-oci/spack-spec";
import { externalModifications } from "./external-environment.js";
import type { IsDirectory } from "./inspect-prefix.js";
import type { EnvironmentModification } from "./modifications.js";
import { isSystemPath } from "./system-paths.js";

const DEPTYPES = ["link", "run"] as const;
const DIRECTORIES = ["bin", "bin64"];

/** A package of an image, and how the image uses it. */
export interface PackageUse {
  readonly node: SpecNode;
  /** Whether its programs go on PATH: true for the roots, and for run dependencies. */
  readonly isExecutable: boolean;
  /** Packages of the image that link or run with it directly. */
  readonly dependents: readonly SpecNode[];
}

/** What a package's recipe adds to its own run environment and to that of its dependents. */
export type RecipeModifications = (use: PackageUse) => Promise<readonly EnvironmentModification[]>;

export interface ExecutablesRequest {
  readonly graph: SpecGraph;
  /** DAG hashes of the packages that the environment is for. */
  readonly roots: readonly string[];
  /** Undefined for a package without a prefix. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  readonly isDirectory: IsDirectory;
  /** What recipes add; nothing if undefined. */
  readonly recipeOf?: RecipeModifications | undefined;
}

/**
 * Prepends `bin` and `bin64` of each executable package to PATH, then applies what its recipe adds, and what the
 * configuration sets for an external. With the prefix inspections, that is why `bin` of an image's own package is
 * listed twice (Spack: build_environment.py, `SetupContext.get_env_modifications` and `_make_runnable`).
 */
export async function executableModifications({
  graph,
  roots,
  prefixOf,
  isDirectory,
  recipeOf = async () => [],
}: ExecutablesRequest): Promise<EnvironmentModification[]> {
  const found = packagesInUse(graph, roots).map(async (use) => [
    ...(use.isExecutable ? await programsOf(prefixOf(use.node), isDirectory) : []),
    ...(await recipeOf(use)),
    ...externalModifications(use.node),
  ]);
  return (await Promise.all(found)).flat();
}

async function programsOf(
  prefix: string | undefined,
  isDirectory: IsDirectory,
): Promise<EnvironmentModification[]> {
  if (prefix === undefined || isSystemPath(prefix)) return [];
  const found = DIRECTORIES.map(async (directory) => {
    const value = posix.join(prefix, directory);
    return (await isDirectory(value)) ? [{ kind: "prepend-path" as const, name: "PATH", value }] : [];
  });
  return (await Promise.all(found)).flat();
}

/**
 * The roots and all their dependencies, externals first, then from the leaves to the roots. Packages without
 * dependencies come before all others (Spack: build_environment.py, `effective_deptypes` in the context `RUN`).
 */
function packagesInUse(graph: SpecGraph, roots: readonly string[]): PackageUse[] {
  const executable = new Set(roots);
  const reached = new Set(roots);
  const inner = new Set<string>();
  for (const node of topological(graph, roots, { deptypes: DEPTYPES })) {
    for (const { hash, deptypes } of sortedDependencies(graph, node, DEPTYPES)) {
      inner.add(node.hash);
      reached.add(hash);
      if (deptypes.includes("run")) executable.add(hash);
    }
  }
  const dependents = dependentsOf(graph, reached);
  const uses = [...new Set([...inner, ...[...reached].filter((hash) => !inner.has(hash))])]
    .flatMap((hash) => graph.get(hash) ?? [])
    .map((node) => ({
      node,
      isExecutable: executable.has(node.hash),
      dependents: dependents.get(node.hash) ?? [],
    }))
    .reverse();
  const isExternal = ({ node }: PackageUse) => node.external !== undefined;
  return [...uses.filter(isExternal), ...uses.filter((use) => !isExternal(use))];
}

/** In the order of the graph, as Spack's database reads them (Spack: database.py, `_read_from_file`). */
function dependentsOf(graph: SpecGraph, among: ReadonlySet<string>): Map<string, SpecNode[]> {
  const dependents = new Map<string, SpecNode[]>();
  for (const node of graph.values()) {
    if (!among.has(node.hash)) continue;
    for (const { hash } of sortedDependencies(graph, node, DEPTYPES)) {
      dependents.set(hash, [...(dependents.get(hash) ?? []), node]);
    }
  }
  return dependents;
}
