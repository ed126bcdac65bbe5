// Copies a manifest after its children and referrers, so that a visible manifest is complete.

import type { Descriptor } from "../content/descriptor.js";
import { childrenOf, isDistributable, type Manifest, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { MAX_FETCHED_MANIFEST_SIZE } from "../limits.js";
import { listReferrersOf, referrersOf } from "../referrers/referrer-lists.js";
import { bodyOf, fetchBytes } from "../storage/bytes.js";
import type { FetchedManifest } from "../storage/fetch-manifest.js";
import { copyContent } from "./copy-content.js";
import type { Copy } from "./copy-options.js";

/** Copies a manifest that has been fetched: its children, its referrers, and then itself, under an optional tag. */
export async function copyFetched(copy: Copy, fetched: FetchedManifest, tag?: string): Promise<void> {
  const { from, to, known, options } = copy;
  const { signal, onCopied } = options;
  const { descriptor, bytes, manifest } = fetched;
  await copyChildren(copy, manifest);
  await copyReferrersOf(copy, descriptor);
  const sources = (child: Descriptor) => () => from.fetch(child, { signal });
  const outcome = await to.push(descriptor, bodyOf(bytes), { signal, tag, sources });
  known.add(descriptor.digest);
  onCopied?.(descriptor, outcome);
}

/** Copies the referrers of a manifest that the target has, or is about to get. */
export async function copyReferrersOf(copy: Copy, subject: Pick<Descriptor, "digest">): Promise<void> {
  const { from, to, options } = copy;
  const { signal, sourceTags } = options;
  const referrers = await referrersOf(from, subject.digest, { signal, tags: sourceTags });
  for (const referrer of referrers) await copyByDigest(copy, referrer);
  if (referrers.length > 0) await listReferrersOf(to, subject.digest, { referrers, signal });
}

async function copyByDigest(copy: Copy, descriptor: Descriptor): Promise<void> {
  const { from, to, known, options } = copy;
  const { signal } = options;
  if (known.has(descriptor.digest)) return;
  if (await to.exists(descriptor, { signal })) {
    known.add(descriptor.digest);
    options.onCopied?.(descriptor, "exists");
    return;
  }
  const bytes = await fetchBytes(from, descriptor, { signal, limit: MAX_FETCHED_MANIFEST_SIZE });
  const manifest = parseManifest(bytes, `${from.name}@${descriptor.digest}`);
  await copyFetched(copy, { descriptor, bytes, manifest });
}

async function copyChildren(copy: Copy, manifest: Manifest): Promise<void> {
  const { known } = copy;
  const children = new Map(childrenOf(manifest).map((child) => [child.digest, child]));
  await Promise.all(
    [...children.values()]
      .filter((child) => isDistributable(child) && !known.has(child.digest))
      .map((child) => copyChild(copy, child)),
  );
}

/** Everything that is not a manifest is a blob, even in an index: builders keep their caches there. */
async function copyChild(copy: Copy, child: Descriptor): Promise<void> {
  if (isManifestType(child.mediaType)) return copyByDigest(copy, child);
  const { from, to, limit, known, options } = copy;
  const { signal, onBytes, onCopied } = options;
  const push = () => limit(() => copyContent({ from, to }, child, { signal, onBytes }));
  const outcome = await known.push(child.digest, push, signal);
  onCopied?.(child, outcome);
}
