// Makes an image of layers that the buildcache already has, and tags it: from now on it can be pulled.

import {
  bodyOf,
  type Descriptor,
  descriptorOf,
  pushBytes,
  sourcesOf,
  type Target,
} from "@spack-oci/oci-client";
import type { BaseImage } from "./base-image.js";
import { layerTypeIn, OCI_FORMAT } from "./image-format.js";
import { type Annotations, formatImageManifest } from "./image-manifest.js";
import type { PackageLayer } from "./package-layer.js";
import type { PushedImage } from "./pushed-image.js";

export interface ImageParts {
  readonly tag: string;
  /** Whether the tag is for an image index that will list the image, rather than for the image itself. */
  readonly isListed?: boolean | undefined;
  /** The text of the config. */
  readonly config: string;
  /** The layers on top of the base. */
  readonly layers: readonly PackageLayer[];
  /** The image below; the buildcache has its layers too. */
  readonly base?: BaseImage | undefined;
  /** Annotations besides those that name the base. */
  readonly annotations: Annotations;
  /** Called with the manifest before it is pushed, for what has to be attached by the time its tag appears. */
  readonly beforeTag?: ((manifest: Descriptor) => Promise<void>) | undefined;
}

/** Pushes the config first, then the manifest, with the tag unless an image index follows. */
export async function putImage(
  target: Target,
  request: ImageParts,
  signal?: AbortSignal,
): Promise<PushedImage> {
  const { tag, base, isListed = false } = request;
  const format = base?.format ?? OCI_FORMAT;
  // A layer that already exists may have been pushed on top of an image in another format.
  const inFormat = ({ mediaType, digest, size }: PackageLayer["descriptor"]) => ({
    mediaType: layerTypeIn(format, mediaType),
    digest,
    size,
  });
  const layers = request.layers.map(({ descriptor }) => inFormat(descriptor));
  const text = Buffer.from(request.config);
  // Its times or layers are new, and asking first would take longer than sending.
  const { descriptor: config } = await pushBytes(target, text, {
    mediaType: format.config,
    mayExist: false,
    signal,
  });
  const manifest = Buffer.from(
    formatImageManifest({
      format,
      config,
      baseLayers: base?.listedLayers,
      layers,
      annotations: new Map([...request.annotations, ...(base?.annotations ?? [])]),
    }),
  );
  const descriptor = descriptorOf(format.manifest, manifest);
  await request.beforeTag?.(descriptor);
  await target.push(descriptor, bodyOf(manifest), {
    ...(isListed ? {} : { tag }),
    sources: sourcesOf([config, text]),
    signal,
  });
  return { tag, descriptor, layers: [...(base?.layers ?? []).map(inFormat), ...layers] };
}
