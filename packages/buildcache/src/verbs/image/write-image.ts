// Writes the image for one platform: its layers, its config and its manifest.

import { mkdir } from "node:fs/promises";
import { copyContent } from "@spack-oci/oci-client";
import type { ViewConflict } from "@spack-oci/spack-tarball";
import type { PackageLayer } from "../../package-image/package-layer.js";
import type { PushedImage } from "../../package-image/pushed-image.js";
import { putImage } from "../../package-image/put-image.js";
import type { PlatformImage } from "./image-result.js";
import { type LayerContext, linkMembers, mergeMembers } from "./make-layers.js";
import type { PreparedImage } from "./prepare-image.js";
import type { ImageMember } from "./read-member.js";

/** Blobs first, then the config, then the manifest; with the tag unless an image index follows. */
export async function writeImage(
  prepared: PreparedImage,
  named: { readonly tag: string; readonly isListed: boolean },
  context: LayerContext,
): Promise<PlatformImage> {
  const { view, annotations } = context.request;
  const { members, groups, base, configWith, createdAt } = prepared;
  const { destination, run } = context;
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
  return describeImage(prepared, await putImage(destination, request, run.signal), linked?.conflicts);
}

/** A package's own layer is reused in place, or mounted or streamed to where the image is written. */
async function layerOf(group: readonly ImageMember[], context: LayerContext): Promise<PackageLayer> {
  const [first, ...others] = group;
  if (first === undefined || others.length > 0) return mergeMembers(group, context);
  const { mirror, destination, run } = context;
  const { layer } = first;
  if (destination !== mirror)
    await run.scheduler.transfer(() =>
      copyContent({ from: mirror, to: destination }, layer.descriptor, { signal: run.signal }),
    );
  return layer;
}

/** Describes an image that is prepared or written. */
export function describeImage(
  { planned, groups }: PreparedImage,
  pushed?: PushedImage,
  conflicts: readonly ViewConflict[] = [],
): PlatformImage {
  const { platform, roots } = planned;
  return { platform, roots, groups: groups.map((group) => group.map(({ node }) => node)), pushed, conflicts };
}
