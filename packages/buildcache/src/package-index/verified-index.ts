// Resolves the index of a buildcache for those who use it: it is signed, and not an old one, if the buildcache demands
// that.

import { setTimeout as sleep } from "node:timers/promises";
import { isSpackOciError } from "@spack-oci/errors";
import { INDEX_TAG } from "../package-image/tags.js";
import type { VerifiedTarget } from "../trust/image-verifier.js";
import { type IndexImage, resolveIndex } from "./read-index.js";

/** Milliseconds between attempts. */
const PAUSES = [200, 500, 1000];

/**
 * While several writers update an index without seeing each other, an older version can replace a newer one for a
 * moment; they notice, and write again. So an old index is read again before it is an error.
 *
 * @returns undefined if the buildcache has no index
 * @throws SpackOciError as `resolveIndex` and `ImageVerifier.verifyIndex` do
 */
export async function resolveVerifiedIndex(
  target: VerifiedTarget,
  signal?: AbortSignal,
): Promise<IndexImage | undefined> {
  for (const pause of PAUSES) {
    try {
      return await resolveOnce(target, signal);
    } catch (error) {
      if (!isSpackOciError(error) || error.code !== "ERR_INDEX_ROLLBACK") throw error;
      await sleep(pause, undefined, signal === undefined ? {} : { signal });
    }
  }
  return resolveOnce(target, signal);
}

async function resolveOnce(target: VerifiedTarget, signal: AbortSignal | undefined) {
  const image = await resolveIndex(target, signal);
  const place = `${target.name}:${INDEX_TAG}`;
  const index =
    image === undefined ? { place, isMissing: true as const } : { place, signature: image.signature };
  await target.verifier?.verifyIndex(target, index);
  return image;
}
