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
import type { RunEnvironmentSource } from "../run-environment/source.js";
import type { SpackEnvironments } from "./ask-environments.js";

/** Errors that mean that there is no such directory, to Python's `os.path.isdir` as to anybody who runs the package. */
const NO_DIRECTORY = ["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"];

/** The environment of an image, and where it is known from what recipes add to it. */
interface ImageEnvironment {
  /** `NAME=VALUE` each. */
  readonly variables: readonly string[];
  readonly source: RunEnvironmentSource;
}

/** `config.Env` of an image that is for some packages, by their DAG hashes, on top of that of its base. */
export type ImageEnvironments = (
  graph: SpecGraph,
  roots: readonly string[],
  base: readonly string[],
) => Promise<ImageEnvironment>;

/** What environments follow from. */
export interface EnvironmentSources {
  readonly database: InstallDatabase;
  /** Spack's default without. */
  readonly inspections?: PrefixInspections | undefined;
  readonly fromSpack: SpackEnvironments;
}

export function imageEnvironments(sources: EnvironmentSources): ImageEnvironments {
  const { database, inspections = defaultPrefixInspections, fromSpack } = sources;
  const known = new Map<string, Promise<boolean>>();
  const isKnownDirectory = (path: string) => {
    const answer = known.get(path) ?? isDirectory(path);
    known.set(path, answer);
    return answer;
  };
  const prefixOf = (node: SpecNode) =>
    database.records.get(node.hash)?.path ?? node.external?.path ?? undefined;
  return async (graph, roots, base) => {
    const answered = fromSpack.of(roots);
    if (answered !== undefined) return { variables: answered, source: "spack" };
    const surroundings = { graph, roots, prefixOf, isDirectory: isKnownDirectory, inspections, base };
    return { variables: await imageEnvironment(surroundings), source: "none" };
  };
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (NO_DIRECTORY.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
