// Writes the package index in the form of an image, as Spack does.

import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  type BodyFactory,
  bodyOf,
  type Descriptor,
  type Digest,
  MEDIA_TYPES,
  pushBytes,
  sourcesOf,
  type Target,
} from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { type BuiltIndex, buildIndex } from "@spack-oci/spack-store";
import { type Annotations, formatImageManifest, isSameAnnotations } from "../package-image/image-manifest.js";
import { INDEX_TAG, packageTag } from "../package-image/tags.js";
import { coveredDigest, withSignature } from "./index-signature.js";
import type { IndexSignatures } from "./index-signatures.js";
import type { IndexImage } from "./read-index.js";

/**
 * The layer is the plain JSON document although its media type says otherwise: Spack's readers expect that, and a
 * layer is safe from garbage collection (Spack: binary_distribution.py, `_oci_update_index`). The same specs result
 * in the same bytes, regardless of the writer and of the order of the specs.
 *
 * @param options.current the existing index, which is not written again if it is equal
 * @param options.annotations annotations of the index and of its buildcache; by default those of `current`
 * @param options.signatures signs the index, which is then written even if it is equal
 * @param options.replacing what the tag has to be on, for targets that support such a condition
 * @throws SpackOciError of kind `conflict` if it is on something else, and the target's own errors
 */
export async function writeIndex(
  target: Target,
  specs: Iterable<SpecDocument>,
  options: {
    readonly current?: IndexImage | undefined;
    readonly annotations?: Annotations | undefined;
    readonly replacing?: Digest | "nothing" | undefined;
    readonly signatures?: Pick<IndexSignatures, "sign"> | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<{ readonly outcome: "written" | "unchanged"; readonly image: IndexImage }> {
  const { current, replacing, signatures, signal } = options;
  const annotations = options.annotations ?? current?.annotations ?? new Map<string, string>();
  const sorted = [...specs]
    .map((document) => ({ tag: packageTag(document.root), document }))
    .sort((one, other) => (one.tag < other.tag ? -1 : 1))
    .map(({ document }) => document);
  const { layer, body, content: bytes } = describeIndex(buildIndex(sorted));
  const isSame =
    current?.layer?.digest === layer.digest && isSameAnnotations(current.annotations, annotations);
  if (signatures === undefined && current !== undefined && isSame) {
    return { outcome: "unchanged", image: current };
  }
  const nothing = Buffer.from("{}");
  const [{ descriptor: config }] = await Promise.all([
    pushBytes(target, nothing, { mediaType: MEDIA_TYPES.ociConfig, signal }),
    target.push(layer, body, { signal }),
  ]);
  await target.cache?.write(layer, bytes());
  const content = { config, layers: [layer], annotations };
  const covered = coveredDigest(content);
  const bundle = await signatures?.sign(covered);
  const signed = bundle === undefined ? annotations : withSignature(annotations, bundle);
  const manifest = Buffer.from(formatImageManifest({ ...content, annotations: signed }));
  // Concurrent writers push the same blobs, which some registries lose for a moment.
  const ofConfig = sourcesOf([config, nothing]);
  const sources = (child: Descriptor) => (child.digest === layer.digest ? body : ofConfig(child));
  const tagged = { mediaType: MEDIA_TYPES.ociManifest, tag: INDEX_TAG, replacing, sources, signal };
  const { descriptor } = await pushBytes(target, manifest, tagged);
  const signature = bundle && { bundle, covered };
  return { outcome: "written", image: { digest: descriptor.digest, layer, annotations, signature } };
}

/** Bytes of an index that is kept in memory, instead of being formatted again for every reader. */
const SMALL: number = 1024 * 1024;

/** The layer of an index, and ways to read it. */
interface IndexLayer {
  readonly layer: Descriptor;
  readonly body: BodyFactory;
  readonly content: () => Buffer | Iterable<Buffer>;
}

/** An index may be too large for memory. */
function describeIndex(index: BuiltIndex): IndexLayer {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let size = 0;
  for (const chunk of index.chunks()) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= SMALL) kept.push(chunk);
  }
  const layer: Descriptor = {
    mediaType: MEDIA_TYPES.ociLayerGzip,
    digest: `sha256:${hash.digest("hex")}`,
    size,
  };
  if (size > SMALL) {
    const content = () => index.chunks();
    return { layer, body: () => Readable.from(content(), { objectMode: false }), content };
  }
  const bytes = Buffer.concat(kept);
  return { layer, body: bodyOf(bytes), content: () => bytes };
}
