// Copies between targets byte for byte: mounted where the host can, streamed where not, never by way of a disk.
import pLimit from "p-limit";
import type { Descriptor } from "../content/descriptor.js";
import { childrenOf, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { bodyOf, fetchBytes, manifestFetchLimit } from "../target/bytes.js";
import {
  isMounter,
  type PushOptions,
  type PushOutcome,
  type Target,
  type TransferOptions,
} from "../target/target.js";

/** Options of a copy. */
export interface CopyOptions extends TransferOptions {
  /** Puts the copy under this tag; else it is there by its digest alone. */
  readonly tag?: string | undefined;
  /** How many blobs are copied at once; 4 when left out. */
  readonly concurrency?: number;
  /** Told of each blob and manifest when it is there. */
  readonly onCopied?: ((descriptor: Descriptor, outcome: PushOutcome) => void) | undefined;
}

/** Copies one blob, or a manifest without what it refers to. */
export function copyContent(
  from: Target,
  to: Target,
  descriptor: Descriptor,
  options: PushOptions = {},
): Promise<PushOutcome> {
  const { signal } = options;
  return to.push(descriptor, () => from.fetch(descriptor, { signal }), {
    ...options,
    mountFrom: mountSources(from, to),
    sources: (child) => () => from.fetch(child, { signal }),
  });
}

/**
 * Copies the image or index that a tag or digest names, with all that it refers to: children before their parents, so
 * that an interrupted copy is continued by the next. What is there already is not fetched.
 *
 * @throws SpackOciError of kind `not-found` when the source does not have it, else as either target does.
 */
export async function copyImage(
  from: Target,
  to: Target,
  reference: string,
  options: CopyOptions = {},
): Promise<Descriptor> {
  const descriptor = await from.resolve(reference, options);
  const limit = pLimit(options.concurrency ?? 4);
  await copyManifest({ from, to, limit, options }, descriptor, options.tag);
  return descriptor;
}

interface Copy {
  readonly from: Target;
  readonly to: Target;
  /** Only blobs take places, and blobs wait for nothing. */
  readonly limit: ReturnType<typeof pLimit>;
  readonly options: CopyOptions;
}

async function copyManifest(copy: Copy, descriptor: Descriptor, tag: string | undefined): Promise<void> {
  const { from, to, options } = copy;
  const { signal, onCopied } = options;
  if (await to.exists(descriptor, { signal })) {
    if (tag !== undefined) await to.tag(descriptor, tag, { signal });
    onCopied?.(descriptor, "exists");
    return;
  }
  const bytes = await fetchBytes(from, descriptor, { signal, limit: manifestFetchLimit });
  const children = childrenOf(parseManifest(bytes, `${from.name}@${descriptor.digest}`));
  await Promise.all(
    distinct(children)
      .filter(isDistributable)
      .map((child) => copyChild(copy, child)),
  );
  const sources = (child: Descriptor) => () => from.fetch(child, { signal });
  const outcome = await to.push(descriptor, bodyOf(bytes), { signal, tag, sources });
  onCopied?.(descriptor, outcome);
}

async function copyChild(copy: Copy, child: Descriptor): Promise<void> {
  if (isManifestType(child.mediaType)) return copyManifest(copy, child, undefined);
  const { from, to, limit, options } = copy;
  const { signal, onBytes, onCopied } = options;
  const outcome = await limit(() => copyContent(from, to, child, { signal, onBytes }));
  onCopied?.(child, outcome);
}

function mountSources(from: Target, to: Target): string[] {
  const mountable =
    isMounter(from) && isMounter(to) && from.host === to.host && from.repository !== to.repository;
  return mountable ? [from.repository] : [];
}

function distinct(descriptors: readonly Descriptor[]): Descriptor[] {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

/** Layers that registries do not hold are fetched from elsewhere by whoever runs the image (layer.md). */
function isDistributable({ mediaType, urls }: Descriptor): boolean {
  return urls === undefined || !/nondistributable|foreign/.test(mediaType);
}
