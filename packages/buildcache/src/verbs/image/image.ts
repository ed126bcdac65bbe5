// The verb image: packages of a buildcache become one container image, without any store.
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
 * Makes an image of packages with what they link and run with. Their layers are referred to where they are, and merged only
 * where there are too many. Everything is looked at first; then come blobs, configs and manifests, and the tag at the end.
 *
 * @throws SpackOciError where the tag or a setting is none, a spec names nothing, a package or its layer is missing, packages do
 *   not go together, the base image does not do, or a registry does not answer
 */
export async function image(
  mirror: Buildcache,
  asked: ImageRequest,
  { run }: VerbContext,
): Promise<ImageResult> {
  const request = { ...asked, view: asked.view === undefined ? undefined : viewPath(asked.view) };
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
