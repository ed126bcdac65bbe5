// The concrete specs of environments that need not be active, read from their lock files alone.

import { type Dirent, existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { breadthFirst } from "@spack-oci/spack-spec";
import {
  type EnvironmentContext,
  environmentsRoot,
  independentDirectory,
  isEnvironmentName,
  managedDirectory,
} from "./find-environment.js";
import { readLockfile } from "./lockfile.js";

/** What an environment refers to. */
export interface LockedEnvironment {
  /** The name of a managed environment, the directory of any other. */
  readonly name: string;
  /** Without symbolic links. */
  readonly directory: string;
  /** DAG hashes of its own roots, without those of included environments. */
  readonly roots: ReadonlySet<string>;
  /** DAG hashes of all its concrete specs, including those of included environments. */
  readonly hashes: ReadonlySet<string>;
}

/**
 * The managed environments, sorted by name (`all_environment_names` in `spack/environment/environment.py`). One that
 * was not concretized refers to nothing.
 *
 * @throws SpackOciError the errors of {@link readLockfile}
 */
export function managedEnvironments(context: EnvironmentContext): readonly LockedEnvironment[] {
  const root = environmentsRoot(context);
  if (!existsSync(root)) return [];
  const real = realpathSync(root);
  const names = directoriesWithManifest(real).map((path) => relative(real, path));
  return names
    .filter(isEnvironmentName)
    .sort()
    .map((name) => lockedEnvironment(name, join(real, name)));
}

/**
 * One environment, by its name or directory.
 *
 * @throws SpackOciError `ERR_ENVIRONMENT_NOT_FOUND`, and the errors of {@link readLockfile}
 */
export function openLockedEnvironment(
  nameOrDirectory: string,
  context: EnvironmentContext,
): LockedEnvironment {
  const managed = managedDirectory(nameOrDirectory, context);
  const path = managed ?? independentDirectory(nameOrDirectory, context);
  if (path !== undefined) return lockedEnvironment(managed === undefined ? path : nameOrDirectory, path);
  throw new SpackOciError("ERR_ENVIRONMENT_NOT_FOUND", `There is no environment in ${nameOrDirectory}.`, {
    kind: "not-found",
    place: nameOrDirectory,
    hint: "Run `spack env list` to list managed environments, or give a directory with a spack.yaml.",
  });
}

function lockedEnvironment(name: string, path: string): LockedEnvironment {
  const directory = realpathSync(path);
  const lockfile = readLockfile(directory);
  if (lockfile === undefined) return { name, directory, roots: new Set(), hashes: new Set() };
  const own = lockfile.roots.map(({ hash }) => hash);
  const included = [...lockfile.included.values()].flat().map(({ hash }) => hash);
  const all = breadthFirst(lockfile.graph, [...own, ...included]);
  return { name, directory, roots: new Set(own), hashes: new Set(all.map(({ hash }) => hash)) };
}

/** Links are followed, as by Spack; each real directory is searched once, so that rings end. */
function directoriesWithManifest(top: string): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  const waiting = [top];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    const real = realpathSync(directory);
    if (seen.has(real)) continue;
    seen.add(real);
    const entries = readdirSync(directory, { withFileTypes: true });
    if (entries.some(({ name }) => name === "spack.yaml")) found.push(directory);
    for (const entry of entries.filter(mayBeDirectory)) {
      const path = join(directory, entry.name);
      if (existsSync(join(path, ".")) && !basename(path).startsWith(".")) waiting.push(path);
    }
  }
  return found;
}

function mayBeDirectory(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isSymbolicLink();
}
