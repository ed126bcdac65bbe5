// Copies images between targets byte for byte, with everything that they refer to and everything that refers to them.

import pLimit from "p-limit";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { fetchManifest } from "../storage/fetch-manifest.js";
import type { CopyRoute } from "./copy-content.js";
import { copyFetched, copyReferrersOf } from "./copy-manifest.js";
import type { Copy, CopyOptions } from "./copy-options.js";
import { KnownContent } from "./known-content.js";

const DEFAULT_CONCURRENCY = 4;

/**
 * Copies the image or index with a tag or digest: its children first, then its referrers, then itself under its tag. An
 * interrupted copy therefore leaves no tag that lacks anything, and the next copy continues it. Existing content is not
 * fetched; the manifest itself is always sent, because that sets the tag.
 *
 * @throws SpackOciError of kind `not-found` if the source does not have it, and as either target fails.
 *
 * @example
 * ```ts
 * import { copyImage, fetchManifest, MemoryTarget, openTarget } from "@spack-oci/oci-client";
 *
 * const route = { from: openTarget("oci-layout:buildcache"), to: new MemoryTarget() };
 * const { digest } = await copyImage(route, "index.spack", { tag: "index.spack" });
 * console.log((await fetchManifest(route.to, "index.spack")).descriptor.digest === digest); // true
 * ```
 */
export async function copyImage(
  route: CopyRoute,
  reference: string,
  options: CopyOptions = {},
): Promise<Descriptor> {
  const { signal, tag, approve } = options;
  const fetched = await fetchManifest(route.from, reference, { signal });
  await approve?.(fetched);
  await copyFetched(startCopy(route, options), fetched, tag);
  return fetched.descriptor;
}

/**
 * Copies only the referrers of a manifest that the target already has: signatures and the like, which come later than
 * their subject.
 */
export function copyReferrers(route: CopyRoute, subject: Digest, options: CopyOptions = {}): Promise<void> {
  return copyReferrersOf(startCopy(route, options), { digest: subject });
}

function startCopy({ from, to }: CopyRoute, options: CopyOptions): Copy {
  const { concurrency = DEFAULT_CONCURRENCY, known = new KnownContent() } = options;
  return { from, to, known, options, limit: pLimit(concurrency) };
}
