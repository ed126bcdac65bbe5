// The verb image: joins packages of a buildcache into one container image, without a store.
//
// planImages -> prepareImage -> copyBaseLayers -> writeImage (mergeMembers, linkMembers -> putImage) -> putIndex

import { join } from "node:path";
import { copyBaseLayers } from "../../base-image/prepare-base-images.js";
import { withScratch } from "../../layers/scratch.js";
import { ensureImageTag } from "../../package-image/tags.js";
import type { Buildcache, VerbContext } from "../../schedule/run.js";
import type { ImageRequest } from "./image-request.js";
import type { ImageResult, PlatformImage } from "./image-result.js";
import { checkSettings } from "./image-settings.js";
import { planImages } from "./plan-images.js";
import { formatPlatform } from "./platform.js";
import { type PreparedImage, prepareImage } from "./prepare-image.js";
import { putIndex } from "./put-index.js";
import { viewPath } from "./view-place.js";
import { describeImage, writeImage } from "./write-image.js";

/**
 * Makes an image of packages with their link and run dependencies. Layers are reused in place, and merged only if
 * there are too many. Everything is checked first; then blobs, configs and manifests are written, and the tag last.
 *
 * @throws SpackOciError if the tag or a setting is invalid, a spec matches nothing, a package or its layer is
 *   missing, packages conflict, the base image does not fit, or a registry does not answer
 */
export async function image(
  mirror: Buildcache,
  requested: ImageRequest,
  { run }: VerbContext,
): Promise<ImageResult> {
  const request = { ...requested, view: requested.view === undefined ? undefined : viewPath(requested.view) };
  const { destination = mirror } = request;
  const tag = ensureImageTag(request.tag);
  checkSettings(request.settings ?? {});
  const planned = await planImages(mirror, request, run);
  const work = { mirror, destination, request, run };
  const prepared = await Promise.all(planned.map((each) => prepareImage(each, work)));
  if (request.dryRun === true)
    return { pushed: undefined, images: prepared.map((each) => describeImage(each)) };

  const bases = prepared.flatMap(({ planned: { platform }, base }) =>
    base === undefined ? [] : [[formatPlatform(platform), base] as const],
  );
  await copyBaseLayers(new Map(bases), destination, run);
  return withScratch(run.scratch, async (scratch) => {
    const isListed = prepared.length > 1;
    const images: PlatformImage[] = [];
    for (const [index, each] of prepared.entries()) {
      const own = { ...work, scratch: join(scratch, String(index)) };
      images.push(await writeImage(each, { tag, isListed }, own));
    }
    const pushed = isListed ? await putIndex(destination, { tag, images }, run.signal) : images[0]?.pushed;
    run.listener?.({ type: "image", step: "tagged", packages: countPackages(prepared) });
    return { pushed, images };
  });
}

function countPackages(prepared: readonly PreparedImage[]): number {
  return new Set(prepared.flatMap(({ members }) => members.map(({ node }) => node.hash))).size;
}
