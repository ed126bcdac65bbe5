// A buildcache in memory with packages of the fixture, and with images that are not packages.

import { fileURLToPath } from "node:url";
import {
  childrenOf,
  fetchBytes,
  fetchManifest,
  ImageLayout,
  MEDIA_TYPES,
  type MemoryTarget,
  pushBytes,
} from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { readPackageImage } from "../../src/package-image/read-image.js";

const directory = new URL("../../../../tests/fixtures/spack-1.2/oci-layout-main", import.meta.url);

/** The buildcache that Spack wrote. */
export const fixtureLayout = new ImageLayout(fileURLToPath(directory));

/** All package tags of the fixture, sorted. */
export async function fixtureTags(): Promise<string[]> {
  const tags: string[] = [];
  for await (const tag of fixtureLayout.tags())
    if (tag.endsWith(".spack") && tag !== "index.spack") tags.push(tag);
  return tags.sort();
}

/** The specs of the fixture's packages, by tag. */
export async function fixtureSpecs(): Promise<ReadonlyMap<string, SpecDocument>> {
  const images = (await fixtureTags()).map((tag) => readPackageImage(fixtureLayout, tag));
  return new Map((await Promise.all(images)).map(({ tag, document }) => [tag, document]));
}

/** The fixture's only tag with this start. */
export async function fixtureTag(start: string): Promise<string> {
  const tag = (await fixtureTags()).find((candidate) => candidate.startsWith(start));
  if (tag === undefined) throw new Error(`no tag starts with ${start}`);
  return tag;
}

/** Copies images with their configs; layers only on request. */
export async function copyImages(target: MemoryTarget, tags: readonly string[], withLayers = false) {
  for (const tag of tags) {
    const { descriptor, bytes, manifest } = await fetchManifest(fixtureLayout, tag);
    for (const child of childrenOf(manifest)) {
      const isConfig = child.mediaType.includes("config");
      if (!isConfig && !withLayers) continue;
      await pushBytes(target, await fetchBytes(fixtureLayout, child, { limit: 2 ** 26 }), {
        mediaType: child.mediaType,
      });
    }
    await pushBytes(target, bytes, { mediaType: descriptor.mediaType, tag });
  }
}

/** Pushes an image with the given config; that of a package is made to fit its layers. */
export async function pushImage(
  target: MemoryTarget,
  tag: string,
  config: string,
  layers = 1,
): Promise<void> {
  const layer = { mediaType: MEDIA_TYPES.ociLayerGzip };
  const blobs = Array.from({ length: layers }, (_, at) => Buffer.from(`layer ${at}`));
  const pushed = await Promise.all(blobs.map((blob) => pushBytes(target, blob, layer)));
  const digests = pushed.map(({ descriptor: { digest } }) => digest);
  const text = Buffer.from(fitting(config, digests));
  const { descriptor } = await pushBytes(target, text, { mediaType: MEDIA_TYPES.ociConfig });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: descriptor,
    layers: pushed.map((each) => each.descriptor),
  };
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), { mediaType: MEDIA_TYPES.ociManifest, tag });
}

function fitting(config: string, digests: readonly string[]): string {
  if (!config.startsWith('{"')) return config;
  const json = JSON.parse(config) as Record<string, unknown>;
  if (json["binary_cache_checksum"] === undefined) return config;
  return JSON.stringify({
    ...json,
    rootfs: { type: "layers", diff_ids: digests },
    binary_cache_checksum: { hash_algorithm: "sha256", hash: digests.at(-1)?.slice(7) },
  });
}

/** The text of the config of a fixture's image. */
export async function fixtureConfig(tag: string): Promise<string> {
  const { manifest } = await fetchManifest(fixtureLayout, tag);
  if (!("config" in manifest)) throw new Error(`${tag} is not an image`);
  return (await fetchBytes(fixtureLayout, manifest.config, { limit: 2 ** 26 })).toString();
}
