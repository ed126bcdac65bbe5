// Reads images of a target: their tags, manifests and configs.

import {
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  isImageIndex,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";

const LARGEST_CONFIG = 64 * 1024 * 1024;

/** A config as JSON, with the part that describes how to run the image. */
export type ImageConfig = Record<string, unknown> & { readonly config: Record<string, unknown> };

/** Every tag, sorted. */
export async function tagsOf(target: TagLister): Promise<string[]> {
  const found: string[] = [];
  for await (const tag of target.tags()) found.push(tag);
  return found.sort();
}

/** The tags of packages, sorted. */
export async function packageTagsOf(target: TagLister): Promise<string[]> {
  return (await tagsOf(target)).filter((tag) => tag.endsWith(".spack") && tag !== "index.spack");
}

/** The image manifest under a tag. */
export async function imageOf(target: Target, tag: string): Promise<ImageManifest> {
  const { manifest } = await fetchManifest(target, tag);
  if (isImageIndex(manifest)) throw new Error(`${tag} is not an image`);
  return manifest;
}

/** The config of the image under a tag. */
export async function configOf(target: Target, tag: string): Promise<ImageConfig> {
  const { config } = await imageOf(target, tag);
  return JSON.parse((await fetchBytes(target, config, { limit: LARGEST_CONFIG })).toString()) as ImageConfig;
}
