// The environments of a push's images, for which each directory is looked for once.

import { stat } from "node:fs/promises";
import {
  defaultPrefixInspections,
  type InstallDatabase,
  type SpecGraph,
  type SpecNode,
} from "@spack-oci/spack-store";
import { imageEnvironment } from "../image-environment/image-environment.js";
import type { PrefixInspections } from "../image-environment/inspect-prefix.js";

/** Errors that mean that there is no such directory, to Python's `os.path.isdir` as to anybody who runs the package. */
const NO_DIRECTORY = ["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"];

/** `config.Env` of an image that is for some packages, by their DAG hashes, on top of that of its base. */
export type ImageEnvironments = (
  graph: SpecGraph,
  roots: readonly string[],
  base: readonly string[],
) => Promise<string[]>;

/** @param inspections Spack's default without */
export function imageEnvironments(
  database: InstallDatabase,
  inspections: PrefixInspections = defaultPrefixInspections,
): ImageEnvironments {
  const known = new Map<string, Promise<boolean>>();
  const isKnownDirectory = (path: string) => {
    const answer = known.get(path) ?? isDirectory(path);
    known.set(path, answer);
    return answer;
  };
  const prefixOf = (node: SpecNode) =>
    database.records.get(node.hash)?.path ?? node.external?.path ?? undefined;
  return (graph, roots, base) =>
    imageEnvironment({
      graph,
      roots,
      prefixOf,
      isDirectory: isKnownDirectory,
      inspections,
      base,
    });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (NO_DIRECTORY.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
