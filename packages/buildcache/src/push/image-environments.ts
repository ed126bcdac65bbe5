// The environments of a push's images, from whatever is known of recipes.

import { DEFAULT_PREFIX_INSPECTIONS } from "@spack-oci/spack-config";
import type { SpecGraph, SpecNode } from "@spack-oci/spack-spec";
import type { InstallDatabase } from "@spack-oci/spack-store";
import type { BaseImage } from "../base-image/base-image.js";
import type { CanonicalTree } from "../canonical/canonical-tree.js";
import { packagePlaces } from "../canonical/package-places.js";
import { imagePackages } from "../image/image-packages.js";
import type { PackageUse, RecipeModifications } from "../image-environment/executables.js";
import { type ImageEnvironmentRequest, imageEnvironment } from "../image-environment/image-environment.js";
import type { PrefixInspections } from "../image-environment/inspect-prefix.js";
import { parseVariables } from "../image-environment/variables.js";
import type { OriginalLayer } from "../origin/find-originals.js";
import { type ExistingImage, recipesInImage } from "../run-environment/recipes-in-image.js";
import { recipesInTable } from "../run-environment/recipes-in-table.js";
import type { RunEnvironmentSource } from "../run-environment/source.js";
import type { SpackEnvironments } from "./ask-environments.js";

/** The environment of an image, and where it is known from what recipes add to it. */
interface ImageEnvironment {
  /** `NAME=VALUE` each. */
  readonly variables: readonly string[];
  readonly source: RunEnvironmentSource;
}

/** `config.Env` of an image that is for some packages, by their DAG hashes, on top of a base. */
export type ImageEnvironments = (
  graph: SpecGraph,
  roots: readonly string[],
  base: BaseImage | undefined,
) => Promise<ImageEnvironment>;

/** What environments follow from. */
export interface EnvironmentSources {
  readonly database: InstallDatabase;
  /** Where packages lie in their images; where they are installed without. */
  readonly tree?: CanonicalTree | undefined;
  /** Packages whose layers have them elsewhere than where they are installed, by DAG hash. */
  readonly originals?: ReadonlyMap<string, OriginalLayer> | undefined;
  /** Spack's default without. */
  readonly inspections?: PrefixInspections | undefined;
  readonly fromSpack: SpackEnvironments;
  /** The image of a package that was there before; undefined where there was none. */
  readonly existing: (node: SpecNode, base: BaseImage | undefined) => Promise<ExistingImage | undefined>;
}

/** What Spack said comes first, then what stands in images that are there, then what the table knows. */
export function imageEnvironments(sources: EnvironmentSources): ImageEnvironments {
  const { inspections = DEFAULT_PREFIX_INSPECTIONS, fromSpack } = sources;
  const { prefixOf, isDirectory, moved } = packagePlaces(sources.database, sources.tree, sources.originals);
  const tables = new Map<SpecGraph, RecipeModifications>();

  /** What recipes added to the images of single roots, those of the first root last. */
  async function inImages(request: ImageEnvironmentRequest, base: BaseImage | undefined) {
    const { graph, roots } = request;
    const found = roots.map(async (hash) => {
      const node = graph.get(hash);
      const image = node === undefined ? undefined : await sources.existing(node, base);
      if (image === undefined) return [];
      const alone = { ...request, roots: [hash], base: image.base ?? [] };
      const anywhere = { ...alone, isDirectory: async () => true };
      return recipesInImage(image, {
        variables: parseVariables(await imageEnvironment(alone)),
        possible: parseVariables(await imageEnvironment(anywhere)),
        prefixes: imagePackages(graph, [hash]).flatMap((each) => prefixOf(each) ?? []),
        base: request.base,
        isAlone: roots.length === 1,
      });
    });
    return (await Promise.all(found)).reverse().flat();
  }

  return async (graph, roots, image) => {
    const answered = fromSpack.of(roots);
    if (answered !== undefined) return { variables: answered.map(moved), source: "spack" };
    const base = image?.environment ?? [];
    const request = { graph, roots, prefixOf, isDirectory, inspections, base };
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
