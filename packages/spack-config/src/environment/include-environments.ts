// The concrete specs that an environment without a lock file includes from others.

import { existsSync } from "node:fs";
import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";

import { type LockedRoot, type Lockfile, lockfilePath, readLockfile } from "./lockfile.js";
import { manifestPath } from "./manifest.js";

/**
 * The specs of the environments in `directories`, as if the environment in `directory` had just been concretized;
 * undefined if it includes none. A root is listed for the first environment that has it.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `include_concrete_envs`, which writes the lock file
 * immediately.
 *
 * @throws SpackOciError `ERR_ENVIRONMENT_NOT_FOUND` if one does not exist, and the errors of {@link readLockfile}.
 */
export function includeEnvironments(directory: string, directories: readonly string[]): Lockfile | undefined {
  if (directories.length === 0) return undefined;
  const included = new Map<string, readonly LockedRoot[]>();
  const graph = new Map<string, SpecNode>();
  const seen = new Set<string>();
  for (const path of directories) {
    if (!existsSync(manifestPath(path))) throw notThere(path);
    const lockfile = readLockfile(path);
    if (lockfile === undefined) continue;
    const roots = lockfile.roots.filter(({ hash }) => !seen.has(hash));
    included.set(path, roots);
    for (const { hash } of roots) seen.add(hash);
    for (const [name, others] of lockfile.included)
      included.set(name, [...(included.get(name) ?? []), ...others]);
    for (const [hash, node] of lockfile.graph) if (!graph.has(hash)) graph.set(hash, node);
  }
  return { path: lockfilePath(directory), roots: [], included, graph };
}

function notThere(path: string): SpackOciError {
  return new SpackOciError("ERR_ENVIRONMENT_NOT_FOUND", `There is no environment in ${path}.`, {
    kind: "not-found",
    place: path,
    hint: "Fix `include_concrete:` in spack.yaml.",
  });
}
