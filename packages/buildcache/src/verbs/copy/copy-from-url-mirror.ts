// The verb that moves packages of a Spack v3 mirror into a buildcache, without rebuilding them.
//
// readContents -> planUrlCopy -> ImageRun (readEntry -> sendArchive -> putPackageImage) -> mergeIndex

import type { TagLister, Target } from "@spack-oci/oci-client";
import type { SpecRequest } from "../../catalog/spec-request.js";
import { asSpackOciError } from "../../failures/failure.js";
import { packageTag } from "../../package-image/tags.js";
import { allTagsIfAny } from "../../package-index/all-tags.js";
import { mergeIndex } from "../../package-index/merge-index.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { MirrorFiles } from "../../sources/v3-mirror/mirror-files.js";
import { readContents } from "../../sources/v3-mirror/read-mirror.js";
import { ImageRun } from "./image-run.js";
import { chooseRoots, planUrlCopy } from "./plan-url-copy.js";
import { announce, type UrlCopyOptions, type UrlCopyResult } from "./url-copy.js";

/**
 * Copies what a request names. An archive is a layer as it is; the image around it is made as a push makes it. Signatures are
 * neither verified nor kept.
 *
 * @throws SpackOciError where there is no mirror, a spec names nothing, or the buildcache does not answer
 */
export async function copyFromUrlMirror(
  files: MirrorFiles,
  target: Target & TagLister,
  scheduler: Scheduler,
  request: SpecRequest,
  options: UrlCopyOptions = {},
): Promise<UrlCopyResult> {
  const { listener, signal } = options;
  const contents = await readContents(files, scheduler, signal);
  const existing = await allTagsIfAny(target, signal);
  const roots = chooseRoots(contents, files.name, request);
  const plan = planUrlCopy(contents, roots, options, (node) => existing.has(packageTag(node)));
  announce(plan, files.name, listener);
  if (options.dryRun === true) return { plan, packages: [], unverified: [], index: undefined };

  const run = new ImageRun(files, contents, target, scheduler, options, plan);
  const packages = await run.packages();
  const result = { plan, packages, unverified: run.signed };
  if (run.signed.length > 0) {
    const message = `${run.signed.length} packages are signed; their signatures were not verified, and are not copied.`;
    listener?.({ type: "warning", message });
  }
  try {
    const change = { add: run.copiedSpecs };
    return { ...result, index: await mergeIndex(target, scheduler, change, { listener, signal }) };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...result, index: { outcome: "failed", error: asSpackOciError(error) } };
  }
}
