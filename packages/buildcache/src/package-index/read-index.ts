// Reads the package index of a buildcache.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import {
  type Descriptor,
  type Digest,
  fetchBytes,
  fetchManifest,
  isContentOpener,
  isImageIndex,
  type StoredContent,
  type Target,
} from "@spack-oci/oci-client";
import {
  formatTable,
  openPackageIndex,
  type PackageIndex,
  parseTable,
  readPackageIndex,
  scanIndex,
} from "@spack-oci/spack-store";
import { MAX_INDEX_SIZE } from "../failures/content-limits.js";
import { unpackGzip } from "../failures/unpack-gzip.js";
import type { Annotations } from "../package-image/image-manifest.js";
import { INDEX_TAG } from "../package-image/tags.js";
import type { IndexSignature } from "../trust/verify-index.js";
import { splitAnnotations } from "./index-signature.js";

/** The image under the index's tag. */
export interface IndexImage {
  /** Digest of the manifest. */
  readonly digest: Digest;
  /** The document; undefined if the image is not an index. */
  readonly layer: Descriptor | undefined;
  /** Annotations of the index, and of its buildcache; writers of the index keep them. The signature is not among them. */
  readonly annotations: Annotations;
  readonly signature: IndexSignature | undefined;
}

/**
 * @returns undefined if the buildcache has no index
 * @throws SpackOciError as `resolveIndex` and `readIndexImage` do
 */
export async function readIndex(target: Target, signal?: AbortSignal): Promise<PackageIndex | undefined> {
  const image = await resolveIndex(target, signal);
  return image && readIndexImage(target, image, signal);
}

/**
 * @returns undefined if the buildcache has no index
 * @throws SpackOciError the target's own errors
 */
export async function resolveIndex(target: Target, signal?: AbortSignal): Promise<IndexImage | undefined> {
  try {
    const { descriptor, manifest } = await fetchManifest(target, INDEX_TAG, { signal });
    const { digest } = descriptor;
    if (isImageIndex(manifest)) {
      const annotations = new Map(Object.entries(manifest.annotations ?? {}));
      return { digest, layer: undefined, annotations, signature: undefined };
    }
    return { digest, layer: manifest.layers[0], ...splitAnnotations(manifest) };
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return undefined;
    throw error;
  }
}

/** @throws SpackOciError `ERR_INDEX_MALFORMED`, the errors of `readPackageIndex`, and the target's own */
export async function readIndexImage(
  target: Target,
  { layer }: IndexImage,
  signal?: AbortSignal,
): Promise<PackageIndex> {
  const place = `${target.name}:${INDEX_TAG}`;
  if (layer === undefined) {
    throw new SpackOciError(
      "ERR_INDEX_MALFORMED",
      `The package index of ${target.name} is not an image with a layer.`,
      {
        kind: "corrupt",
        place,
        hint: `Run "spack-oci update-index" to write it again.`,
      },
    );
  }
  const index = { layer, place, signal };
  const stored = await openLarge(target, index);
  if (stored !== undefined) return stored;
  const bytes = await fetchBytes(target, layer, { limit: MAX_INDEX_SIZE, signal });
  // Tools that copy images may compress the layer, because its media type promises compression; Spack writes it plain.
  const text = isGzip(bytes) ? await unpackGzip({ bytes, place, limit: MAX_INDEX_SIZE }) : bytes;
  return readPackageIndex(text, place);
}

/** Bytes of an index that is not read into memory if there is a file of it. A smaller one is read in an instant. */
const LARGE: number = 1024 * 1024;

/** Bytes of such an index that are in memory while it is scanned. */
const WINDOW: number = 8 * 1024 * 1024;

/** The kind of note in the cache that has the table of an index. */
const TABLE = "table";

interface IndexLayer {
  readonly layer: Descriptor;
  readonly place: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A large index in a file of a layout or of the cache, with its table.
 *
 * @returns undefined if it is small, compressed, or there cannot be such a file
 */
async function openLarge(
  target: Target,
  { layer, place, signal }: IndexLayer,
): Promise<PackageIndex | undefined> {
  const { size, digest } = layer;
  if (size < LARGE || size > MAX_INDEX_SIZE) return undefined;
  const { cache } = target;
  const kept = await cache?.readBytes(digest, TABLE);
  const known = kept && parseTable(kept);
  const content = await openContent(target, layer, signal);
  if (content === undefined || isGzip(content.read(0, 2))) return undefined;
  const table = known ?? scanIndex({ size, window: WINDOW, read: content.read.bind(content) }, place);
  if (known === undefined) await cache?.writeBytes(digest, TABLE, formatTable(table));
  return openPackageIndex(table, content, place);
}

async function openContent(
  target: Target,
  layer: Descriptor,
  signal: AbortSignal | undefined,
): Promise<StoredContent | undefined> {
  if (isContentOpener(target)) return target.openContent(layer);
  const { cache } = target;
  const cached = await cache?.open(layer);
  if (cache === undefined || cached !== undefined) return cached;
  const stream = await target.fetch(layer, { signal });
  try {
    await cache.write(layer, stream);
  } finally {
    stream.destroy();
  }
  return cache.open(layer);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
