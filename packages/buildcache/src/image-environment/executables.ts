// What Spack puts on PATH whatever recipes say: the programs of the roots, and of what is needed to run them.

import { posix } from "node:path";
import { type SpecGraph, type SpecNode, sortedDependencies, topological } from "@spack-oci/spack-store";
import type { IsDirectory } from "./inspect-prefix.js";
import type { EnvironmentModification } from "./modifications.js";
import { isSystemPath } from "./system-paths.js";

const DEPTYPES = ["link", "run"] as const;
const DIRECTORIES = ["bin", "bin64"];

/**
 * Puts `bin` and `bin64` of each such package on PATH. Together with the inspection of prefixes, that is why `bin` of an
 * image's own package is there twice (Spack: build_environment.py, `SetupContext.get_env_modifications` and
 * `_make_runnable`).
 */
export async function executableModifications(
  graph: SpecGraph,
  roots: readonly string[],
  prefixOf: (node: SpecNode) => string | undefined,
  isDirectory: IsDirectory,
): Promise<EnvironmentModification[]> {
  const directories = executablePackages(graph, roots).flatMap((node) => {
    const prefix = prefixOf(node);
    if (prefix === undefined || isSystemPath(prefix)) return [];
    return DIRECTORIES.map((directory) => posix.join(prefix, directory));
  });
  const found = directories.map(async (value) =>
    (await isDirectory(value)) ? [{ kind: "prepend-path" as const, name: "PATH", value }] : [],
  );
  return (await Promise.all(found)).flat();
}

/**
 * The roots and every run dependency below them, externals first, then from the leaves to the roots. Packages without
 * dependencies come before all others (Spack: build_environment.py, `effective_deptypes` in the context `RUN`).
 */
function executablePackages(graph: SpecGraph, roots: readonly string[]): SpecNode[] {
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
  const nodes = [...new Set([...inner, ...[...reached].filter((hash) => !inner.has(hash))])]
    .filter((hash) => executable.has(hash))
    .flatMap((hash) => graph.get(hash) ?? [])
    .reverse();
  const isExternal = (node: SpecNode) => node.external !== undefined;
  return [...nodes.filter(isExternal), ...nodes.filter((node) => !isExternal(node))];
}
