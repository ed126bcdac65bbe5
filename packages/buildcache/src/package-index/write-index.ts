// Writes the package index in the form of an image, as Spack does.

import {
  bodyOf,
  type Digest,
  descriptorOf,
  MEDIA_TYPES,
  pushBytes,
  sourcesOf,
  type Target,
} from "@spack-oci/oci-client";
import type { SpecDocument } from "@spack-oci/spack-spec";
import { buildIndexDocument } from "@spack-oci/spack-store";
import { type Annotations, formatImageManifest, isSameAnnotations } from "../package-image/image-manifest.js";
import { INDEX_TAG, packageTag } from "../package-image/tags.js";
import type { IndexImage } from "./read-index.js";

/**
 * The layer is the plain JSON document although its media type says otherwise: Spack's readers expect that, and a
 * layer is safe from garbage collection (Spack: binary_distribution.py, `_oci_update_index`). The same specs result
 * in the same bytes, regardless of the writer and of the order of the specs.
 *
 * @param options.current the existing index, which is not written again if it is equal
 * @param options.annotations annotations of the index and of its buildcache; by default those of `current`
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
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<{ readonly outcome: "written" | "unchanged"; readonly image: IndexImage }> {
  const { current, replacing, signal } = options;
  const annotations = options.annotations ?? current?.annotations ?? new Map<string, string>();
  const sorted = [...specs]
    .map((document) => ({ tag: packageTag(document.root), document }))
    .sort((one, other) => (one.tag < other.tag ? -1 : 1))
    .map(({ document }) => document);
  const text = Buffer.from(buildIndexDocument(sorted));
  const layer = descriptorOf(MEDIA_TYPES.ociLayerGzip, text);
  if (current?.layer?.digest === layer.digest && isSameAnnotations(current.annotations, annotations)) {
    return { outcome: "unchanged", image: current };
  }
  const nothing = Buffer.from("{}");
  const [{ descriptor: config }] = await Promise.all([
    pushBytes(target, nothing, { mediaType: MEDIA_TYPES.ociConfig, signal }),
    target.push(layer, bodyOf(text), { signal }),
  ]);
  await target.cache?.write(layer, text);
  const manifest = Buffer.from(formatImageManifest({ config, layers: [layer], annotations }));
  // Concurrent writers push the same blobs, which some registries lose for a moment.
  const sources = sourcesOf([layer, text], [config, nothing]);
  const tagged = { mediaType: MEDIA_TYPES.ociManifest, tag: INDEX_TAG, replacing, sources, signal };
  const { descriptor } = await pushBytes(target, manifest, tagged);
  return { outcome: "written", image: { digest: descriptor.digest, layer, annotations } };
}
