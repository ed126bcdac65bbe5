// Copies images between targets byte for byte, with all that they refer to and all that refers to them.
import pLimit from "p-limit";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { fetchManifest } from "../target/fetch-manifest.js";
import type { Target } from "../target/target.js";
import { copyFetched, copyReferrersOf } from "./copy-manifest.js";
import type { Copy, CopyOptions } from "./copy-options.js";
import { KnownContent } from "./known-content.js";

/**
 * Copies the image or index that a tag or digest names: what it refers to first, then its referrers, then itself under
 * its tag. An interrupted copy thus leaves no tag that lacks anything, and is continued by the next. What is there
 * already is not fetched; the manifest itself is always sent, because that is what sets the tag.
 *
 * @throws SpackOciError of kind `not-found` when the source does not have it, else as either target does.
 */
export async function copyImage(
  from: Target,
  to: Target,
  reference: string,
  options: CopyOptions = {},
): Promise<Descriptor> {
  const { signal, tag } = options;
  const fetched = await fetchManifest(from, reference, { signal });
  await copyFetched(startCopy(from, to, options), fetched, tag);
  return fetched.descriptor;
}

/**
 * Copies only what refers to a manifest that the target has already: signatures and the like, which come later than
 * what they are about.
 */
export function copyReferrers(
  from: Target,
  to: Target,
  subject: Digest,
  options: CopyOptions = {},
): Promise<void> {
  return copyReferrersOf(startCopy(from, to, options), { digest: subject });
}

function startCopy(from: Target, to: Target, options: CopyOptions): Copy {
  const { concurrency = 4, known = new KnownContent() } = options;
  return { from, to, known, options, limit: pLimit(concurrency) };
}
