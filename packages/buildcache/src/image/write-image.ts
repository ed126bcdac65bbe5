// Makes the image for one platform: its layers, its config and its manifest.

import { mkdir } from "node:fs/promises";
import { copyContent } from "@spack-oci/oci-client";
import type { ViewConflict } from "@spack-oci/spack-tarball";
import type { PackageLayer } from "../protocol/package-layer.js";
import type { ImageOptions } from "./image-options.js";
import type { PlatformImage } from "./image-result.js";
import { type LayerContext, linkMembers, mergeMembers } from "./make-layers.js";
import type { PreparedImage } from "./prepare-image.js";
import type { PushedImage } from "./pushed-image.js";
import { putImage } from "./put-image.js";
import type { ImageMember } from "./read-member.js";

/** Blobs first, then the config, then the manifest; the tag only where no index comes after it. */
export async function writeImage(
  prepared: PreparedImage,
  named: { readonly tag: string; readonly isListed: boolean },
  context: LayerContext,
  { view, annotations }: ImageOptions,
): Promise<PlatformImage> {
  const { members, groups, base, configWith, createdAt } = prepared;
  const { destination, signal } = context;
  await mkdir(context.scratch);
  const [layers, linked] = await Promise.all([
    Promise.all(groups.map((group) => layerOf(group, context))),
    view === undefined ? undefined : linkMembers(view, members, context),
  ]);
  const all = linked === undefined ? layers : [...layers, linked.layer];
  const request = {
    ...named,
    config: configWith(all),
    layers: all,
    base,
    annotations: annotations?.(createdAt) ?? new Map(),
  };
  return describeImage(prepared, await putImage(destination, request, signal), linked?.conflicts);
}

/** A package's own layer stays where it is, or is linked or streamed to where the image will be. */
async function layerOf(group: readonly ImageMember[], context: LayerContext): Promise<PackageLayer> {
  const [first, ...others] = group;
  if (first === undefined || others.length > 0) return mergeMembers(group, context);
  const { target, destination, scheduler, signal } = context;
  const { layer } = first;
  if (destination !== target)
    await scheduler.heavy(() => copyContent({ from: target, to: destination }, layer.descriptor, { signal }));
  return layer;
}

/** An image that is prepared, or made. */
export function describeImage(
  { planned, groups }: PreparedImage,
  pushed?: PushedImage,
  conflicts: readonly ViewConflict[] = [],
): PlatformImage {
  const { platform, roots } = planned;
  return { platform, roots, groups: groups.map((group) => group.map(({ node }) => node)), pushed, conflicts };
}
