// Makes an image of layers that are in the buildcache already, and tags it: from here on it can be pulled.

import { pushBytes, sourcesOf, type Target } from "@spack-oci/oci-client";
import type { BaseImage } from "./base-image.js";
import { layerTypeIn, OCI_FORMAT } from "./image-format.js";
import { type Annotations, formatImageManifest } from "./image-manifest.js";
import type { PackageLayer } from "./package-layer.js";
import type { PushedImage } from "./pushed-image.js";

export interface ImageParts {
  readonly tag: string;
  /** Whether the tag is for an index that will list the image, rather than for the image itself. */
  readonly isListed?: boolean | undefined;
  /** The text of its config. */
  readonly config: string;
  /** On top of those of the base. */
  readonly layers: readonly PackageLayer[];
  /** What the layers are put on top of; its own layers are in the buildcache too. */
  readonly base?: BaseImage | undefined;
  /** What is said of the image besides which base it has. */
  readonly annotations: Annotations;
}

/** Config first, then the manifest, under its tag unless an index comes after it. */
export async function putImage(
  target: Target,
  request: ImageParts,
  signal?: AbortSignal,
): Promise<PushedImage> {
  const { tag, base, isListed = false } = request;
  const format = base?.format ?? OCI_FORMAT;
  // What is in the buildcache may have been pushed on top of an image in another format.
  const inFormat = ({ mediaType, digest, size }: PackageLayer["descriptor"]) => ({
    mediaType: layerTypeIn(format, mediaType),
    digest,
    size,
  });
  const layers = request.layers.map(({ descriptor }) => inFormat(descriptor));
  const text = Buffer.from(request.config);
  const { descriptor: config } = await pushBytes(target, text, { mediaType: format.config, signal });
  const manifest = formatImageManifest({
    format,
    config,
    baseLayers: base?.listedLayers,
    layers,
    annotations: new Map([...request.annotations, ...(base?.annotations ?? [])]),
  });
  const { descriptor } = await pushBytes(target, Buffer.from(manifest), {
    mediaType: format.manifest,
    ...(isListed ? {} : { tag }),
    sources: sourcesOf([config, text]),
    signal,
  });
  return { tag, descriptor, layers: [...(base?.layers ?? []).map(inFormat), ...layers] };
}
