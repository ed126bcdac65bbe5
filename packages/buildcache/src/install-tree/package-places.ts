// Maps installed packages to their prefixes in images, and checks which directories exist there.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "@spack-oci/spack-store";
import { PrefixMap } from "@spack-oci/spack-tarball";
import type { IsDirectory } from "../image-env/inspect-prefix.js";
import { knownDirectories } from "../image-env/known-directories.js";
import { type InstallTree, prefixInTree } from "./install-tree.js";

export interface PackagePlaces {
  /** Undefined for a package without a prefix. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  readonly isDirectory: IsDirectory;
  /** A `NAME=VALUE` of this machine, with the prefixes that packages have in images. */
  readonly moved: (variable: string) => string;
}

/**
 * @param tree of the buildcache; if undefined, packages keep their installed prefixes
 * @param originals prefixes of packages whose layers are reused rather than packed from what is installed, by DAG
 *   hash
 */
export function packagePlaces(
  database: InstallDatabase,
  tree: InstallTree | undefined,
  originals: ReadonlyMap<string, { readonly prefix: string }> = new Map(),
): PackagePlaces {
  const isDirectory = knownDirectories();
  const installed = (node: SpecNode) =>
    database.records.get(node.hash)?.path ?? node.external?.path ?? undefined;
  if (tree === undefined && originals.size === 0)
    return { prefixOf: installed, isDirectory, moved: (variable) => variable };

  const placeOf = (spec: SpecNode, path: string) =>
    tree === undefined
      ? (originals.get(spec.hash)?.prefix ?? path)
      : prefixInTree(tree, database.graph, spec);
  const places = [...database.records.values()].flatMap(({ spec, path }): [string, string][] =>
    path === null || spec.external !== undefined ? [] : [[path, placeOf(spec, path)]],
  );
  const toImage = new PrefixMap(places);
  const toDisk = new PrefixMap(places.map(([disk, image]) => [image, disk]));
  return {
    prefixOf(node) {
      const path = installed(node);
      return path === undefined ? undefined : replaced(toImage, path);
    },
    isDirectory: (path) => isDirectory(replaced(toDisk, path)),
    moved: (variable) => moveVariable(variable, toImage),
  };
}

/** Replaces prefixes in a variable's value, also in lists of paths. */
export function moveVariable(variable: string, map: PrefixMap): string {
  const [name = "", ...rest] = variable.split("=");
  const parts = rest.join("=").split(":");
  return `${name}=${parts.map((part) => replaced(map, part)).join(":")}`;
}

function replaced(map: PrefixMap, path: string): string {
  return map.replaceStart(Buffer.from(path))?.toString() ?? path;
}
