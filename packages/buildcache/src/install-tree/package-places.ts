// Where installed packages lie in their images, and which of those directories there are.

import type { SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "@spack-oci/spack-store";
import { PrefixMap } from "@spack-oci/spack-tarball";
import type { IsDirectory } from "../image-env/inspect-prefix.js";
import { knownDirectories } from "../image-env/known-directories.js";
import { type InstallTree, prefixInTree } from "./install-tree.js";

export interface PackagePlaces {
  /** Undefined where a package is nowhere. */
  readonly prefixOf: (node: SpecNode) => string | undefined;
  readonly isDirectory: IsDirectory;
  /** `NAME=VALUE` of this machine as it is in an image. */
  readonly moved: (variable: string) => string;
}

/**
 * @param tree of the mirror; without one, packages lie where they are installed
 * @param originals where packages lie instead whose layers are not made of what is installed, by DAG hash
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

/** A variable's value with other prefixes, also in lists of paths. */
export function moveVariable(variable: string, map: PrefixMap): string {
  const [name = "", ...rest] = variable.split("=");
  const parts = rest.join("=").split(":");
  return `${name}=${parts.map((part) => replaced(map, part)).join(":")}`;
}

function replaced(map: PrefixMap, path: string): string {
  return map.replaceStart(Buffer.from(path))?.toString() ?? path;
}
