// Reads the recipe that a package was built from: every prefix keeps it, and so does every layer.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "@spack-oci/errors";
import type { Descriptor, Target } from "@spack-oci/oci-client";
import { keptRecipePaths } from "@spack-oci/spack-modules";
import type { SpecNode } from "@spack-oci/spack-spec";
import { decompress, readTar } from "@spack-oci/spack-tarball";

/** Bytes; the longest recipe of Spack has some 100 kB. */
const MAX_RECIPE_SIZE = 1024 * 1024;

/** A change to what notes contain needs a new kind. */
const NOTE = "recipe1";

/** The text of the recipe in a prefix; undefined if the prefix does not keep it. */
export async function readRecipeInPrefix(prefix: string, node: SpecNode): Promise<string | undefined> {
  for (const path of keptRecipePaths(node)) {
    try {
      return await readFile(join(prefix, path), "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return undefined;
}

/**
 * The text of the recipe in a layer; undefined if the layer does not keep it. Recipes precede everything else but the
 * other metadata (Spack: util/archive.py, `reproducible_tarfile_from_prefix`), so that only the start is read, once.
 *
 * @throws SpackOciError of the target, and for a layer that cannot be read
 */
export async function readRecipeInLayer(
  target: Target,
  layer: Descriptor,
  { node, signal }: { readonly node: SpecNode; readonly signal: AbortSignal | undefined },
): Promise<string | undefined> {
  const kept = await target.cache?.readBytes(layer.digest, NOTE);
  if (kept !== undefined) return kept.length === 0 ? undefined : kept.toString("utf8");
  const text = await findRecipe(await target.fetch(layer, { signal }), node);
  await target.cache?.writeBytes(layer.digest, NOTE, Buffer.from(text ?? ""));
  return text;
}

async function findRecipe(layer: AsyncIterable<Buffer>, node: SpecNode): Promise<string | undefined> {
  const endings = keptRecipePaths(node).map((path) => `/${path}`);
  let hasMetadata = false;
  for await (const member of readTar(decompress(layer))) {
    const { header } = member;
    if (header.type === "directory") continue;
    const isMetadata = header.name.includes("/.spack/");
    if (hasMetadata && !isMetadata) return undefined;
    hasMetadata ||= isMetadata;
    if (header.type !== "file" || !endings.some((ending) => header.name.endsWith(ending))) continue;
    return header.size > MAX_RECIPE_SIZE ? undefined : (await member.bytes()).toString("utf8");
  }
  return undefined;
}
