// Where the signature of an index is: in an annotation of its manifest, so that both change at once, in one request.
// It covers the manifest without this annotation.

import { type Descriptor, type Digest, digestOf, type ImageManifest } from "@spack-oci/oci-client";
import { type Annotations, formatImageManifest } from "../package-image/image-manifest.js";
import type { IndexSignature } from "../trust/verify-index.js";

/** The annotation that has the bundle. */
const INDEX_BUNDLE = "dev.spack-oci.index.bundle";

/** The content of an index's manifest. */
interface IndexManifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  /** Without the signature. */
  readonly annotations: Annotations;
}

/** The SHA-256 that is signed. It is worked out from what readers use, so that nothing that they use is left out. */
export function coveredDigest(manifest: IndexManifest): Digest {
  return digestOf(Buffer.from(formatImageManifest(manifest)));
}

/** The annotations of an index that is signed. */
export function withSignature(annotations: Annotations, bundle: Buffer): Annotations {
  return new Map([...annotations, [INDEX_BUNDLE, bundle.toString("utf8")]]);
}

/** Separates the annotations of a manifest from its signature. */
export function splitAnnotations({ config, layers, annotations: all = {} }: ImageManifest): {
  readonly annotations: Annotations;
  readonly signature: IndexSignature | undefined;
} {
  const { [INDEX_BUNDLE]: bundle, ...others } = all;
  const annotations = new Map(Object.entries(others));
  if (bundle === undefined) return { annotations, signature: undefined };
  const covered = coveredDigest({ config, layers, annotations });
  return { annotations, signature: { bundle: Buffer.from(bundle), covered } };
}
