// The verb image: packages of a buildcache become one container image, without any store.
//
// planImages -> prepareImage -> copyBaseLayers -> writeImage (mergeMembers, linkMembers -> putImage) -> putIndex

import { join } from "node:path";
import type { TagLister, Target } from "@spack-oci/oci-client";
import { copyBaseLayers } from "../../base-image/prepare-base-images.js";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { withScratch } from "../../layers/scratch.js";
import { ensureImageTag } from "../../package-image/tags.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { ImageOptions } from "./image-options.js";
import type { ImageResult, PlatformImage } from "./image-result.js";
import { checkSettings } from "./image-settings.js";
import { planImages } from "./plan-images.js";
import { formatPlatform } from "./platform.js";
import { type PreparedImage, prepareImage } from "./prepare-image.js";
import { putIndex } from "./put-index.js";
import { viewPath } from "./view-place.js";
import { describeImage, writeImage } from "./write-image.js";

/**
 * Makes an image of packages with what they link and run with. Their layers are referred to where they are, and merged only
 * where there are too many. Everything is looked at first; then come blobs, configs and manifests, and the tag at the end.
 *
 * @throws SpackOciError where the tag or a setting is none, a spec names nothing, a package or its layer is missing, packages do
 *   not go together, the base image does not do, or a registry does not answer
 */
export async function image(
  target: Target & TagLister,
  scheduler: Scheduler,
  request: SpecRequest,
  asked: ImageOptions,
): Promise<ImageResult> {
  const options = { ...asked, view: asked.view === undefined ? undefined : viewPath(asked.view) };
  const { platforms = [], signal, destination = target } = options;
  const tag = ensureImageTag(options.tag);
  checkSettings(options.settings ?? {});
  const planned = await planImages(target, scheduler, request, platforms, options);
  const prepared = await Promise.all(planned.map((each) => prepareImage(target, scheduler, each, options)));
  if (options.dryRun === true)
    return { pushed: undefined, images: prepared.map((each) => describeImage(each)) };

  const bases = prepared.flatMap(({ planned: { platform }, base }) =>
    base === undefined ? [] : [[formatPlatform(platform), base] as const],
  );
  await copyBaseLayers(new Map(bases), destination, scheduler, signal);
  return withScratch(options.scratchDirectory, async (scratch) => {
    const isListed = prepared.length > 1;
    const images: PlatformImage[] = [];
    for (const [index, each] of prepared.entries()) {
      const context = { ...options, target, destination, scheduler, scratch: join(scratch, String(index)) };
      images.push(await writeImage(each, { tag, isListed }, context, options));
    }
    const pushed = isListed ? await putIndex(destination, tag, images, signal) : images[0]?.pushed;
    options.listener?.({ type: "image", step: "tagged", packages: countPackages(prepared) });
    return { pushed, images };
  });
}

function countPackages(prepared: readonly PreparedImage[]): number {
  return new Set(prepared.flatMap(({ members }) => members.map(({ node }) => node.hash))).size;
}
