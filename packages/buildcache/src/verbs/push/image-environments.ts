// Computes the environments of a push's images, from the best available knowledge of recipes.

import { DEFAULT_PREFIX_INSPECTIONS } from "@spack-oci/spack-config";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "@spack-oci/spack-store";
import type { PackageUse, RecipeModifications } from "../../image-env/executables.js";
import { type ImageEnvironmentRequest, imageEnvironment } from "../../image-env/image-environment.js";
import { inspectOnce, type PrefixInspections } from "../../image-env/inspect-prefix.js";
import { parseVariables } from "../../image-env/variables.js";
import type { InstallTree } from "../../install-tree/install-tree.js";
import { packagePlaces } from "../../install-tree/package-places.js";
import type { BaseImage } from "../../package-image/base-image.js";
import { imagePackages } from "../../package-image/image-packages.js";
import type { RunEnvironmentSource } from "../../package-image/pushed-image.js";
import { type ExistingImage, recipesInImage } from "../../recipe-env/recipes-in-image.js";
import { recipesInTable } from "../../recipe-env/recipes-in-table.js";
import type { ReusableLayer } from "../../reuse/find-reusable-layers.js";
import type { SpackEnvironments } from "./ask-environments.js";

/** The environment of an image, and the source of what recipes add to it. */
interface ImageEnvironment {
  /** As `NAME=VALUE`. */
  readonly variables: readonly string[];
  readonly source: RunEnvironmentSource;
}

/** `config.Env` of an image for some packages, by their DAG hashes, on top of a base. */
export type ImageEnvironments = (
  graph: SpecGraph,
  roots: readonly string[],
  base: BaseImage | undefined,
) => Promise<ImageEnvironment>;

/** What environments are computed from. */
export interface EnvironmentSources {
  readonly database: InstallDatabase;
  /** The install tree that packages have in their images; if undefined, they keep their prefixes. */
  readonly tree?: InstallTree | undefined;
  /** Packages whose layers have them at other prefixes than the store, by DAG hash. */
  readonly reused?: ReadonlyMap<string, ReusableLayer> | undefined;
  /** Spack's default if undefined. */
  readonly inspections?: PrefixInspections | undefined;
  readonly fromSpack: SpackEnvironments;
  /** The existing image of a package; undefined if there is none. */
  readonly existing: (node: SpecNode, base: BaseImage | undefined) => Promise<ExistingImage | undefined>;
}

/** Spack's answer takes precedence, then existing images, then the table of recipes. */
export function imageEnvironments(sources: EnvironmentSources): ImageEnvironments {
  const { inspections = DEFAULT_PREFIX_INSPECTIONS, fromSpack } = sources;
  const { prefixOf, isDirectory, moved } = packagePlaces(sources.database, sources.tree, sources.reused);
  const inspect = inspectOnce(inspections, isDirectory);
  const inspectAll = inspectOnce(inspections, async () => true);
  const tables = new Map<SpecGraph, RecipeModifications>();

  /** What recipes added to the images of single roots; the first root's additions come last. */
  async function inImages(request: ImageEnvironmentRequest, base: BaseImage | undefined) {
    const { graph, roots } = request;
    const found = roots.map(async (hash) => {
      const node = graph.get(hash);
      const image = node === undefined ? undefined : await sources.existing(node, base);
      if (image === undefined) return [];
      const alone = { ...request, roots: [hash], base: image.base ?? [] };
      const withAllDirectories = { ...alone, isDirectory: async () => true, inspect: inspectAll };
      return recipesInImage(image, {
        variables: parseVariables(await imageEnvironment(alone)),
        possible: parseVariables(await imageEnvironment(withAllDirectories)),
        prefixes: imagePackages(graph, [hash]).flatMap((each) => prefixOf(each) ?? []),
        base: request.base,
        isAlone: roots.length === 1,
      });
    });
    return (await Promise.all(found)).reverse().flat();
  }

  return async (graph, roots, image) => {
    const answer = fromSpack.of(roots);
    if (answer !== undefined) return { variables: answer.map(moved), source: "spack" };
    const base = image?.environment ?? [];
    const request = { graph, roots, prefixOf, isDirectory, inspect, base };
    const additions = await inImages(request, image);
    if (additions.length > 0) {
      return { variables: await imageEnvironment({ ...request, additions }), source: "image" };
    }
    const table = tables.get(graph) ?? recipesInTable(request);
    tables.set(graph, table);
    let isInTable = false;
    const recipeOf = async (use: PackageUse) => {
      const added = await table(use);
      isInTable ||= added.length > 0;
      return added;
    };
    const variables = await imageEnvironment({ ...request, recipeOf });
    return { variables, source: isInTable ? "table" : "none" };
  };
}
