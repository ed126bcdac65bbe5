// Attaches an artifact to a manifest: a signature, an attestation, a bill of materials.

import type { Descriptor } from "../content/descriptor.js";
import { MEDIA_TYPES } from "../content/media-types.js";
import { pushBytes, sourcesOf } from "../storage/bytes.js";
import type { RequestOptions, Target } from "../storage/target.js";
import { listReferrersOf } from "./referrer-lists.js";

/** OCI image specification, "Pre-Defined Annotation Keys". */
const TITLE = "org.opencontainers.image.title";

/** What is attached. */
export interface Artifact {
  /** Says what the artifact is, for those who list referrers. */
  readonly artifactType: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** The name of a file, under which other tools save the artifact. */
  readonly title?: string | undefined;
  /** Of the referring manifest; lists of referrers repeat them. */
  readonly annotations?: Record<string, string> | undefined;
}

/**
 * Pushes an artifact as an image manifest with a subject (OCI image specification, manifest.md, "Guidelines for
 * Artifact Usage"), and lists it under a tag if the registry has no referrers API. The subject need not exist yet, so
 * that nobody sees it without its artifacts.
 *
 * @returns The descriptor of the referring manifest, as lists of referrers have it.
 *
 * @example
 * ```ts
 * import { attachReferrer, MEDIA_TYPES, MemoryTarget, pushBytes, referrersOf } from "@spack-oci/oci-client";
 *
 * const target = new MemoryTarget();
 * const { descriptor: config } = await pushBytes(target, Buffer.from("{}"), { mediaType: MEDIA_TYPES.ociConfig });
 * const manifest = { schemaVersion: 2, mediaType: MEDIA_TYPES.ociManifest, config, layers: [] };
 * const bytes = Buffer.from(JSON.stringify(manifest));
 * const { descriptor: image } = await pushBytes(target, bytes, { mediaType: MEDIA_TYPES.ociManifest, tag: "v1" });
 *
 * await attachReferrer(target, image, { artifactType: "text/plain", mediaType: "text/plain", bytes: Buffer.from("seen") });
 * console.log((await referrersOf(target, image.digest)).map(({ artifactType }) => artifactType)); // [ 'text/plain' ]
 * ```
 */
export async function attachReferrer(
  target: Target,
  { mediaType, digest, size }: Descriptor,
  { signal, ...artifact }: Artifact & RequestOptions,
): Promise<Descriptor> {
  const { artifactType, annotations, title } = artifact;
  const empty = Buffer.from("{}");
  const { descriptor: config } = await pushBytes(target, empty, { mediaType: MEDIA_TYPES.ociEmpty, signal });
  const { descriptor: content } = await pushBytes(target, artifact.bytes, {
    mediaType: artifact.mediaType,
    mayExist: false,
    signal,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    artifactType,
    config,
    layers: [title === undefined ? content : { ...content, annotations: { [TITLE]: title } }],
    subject: { mediaType, digest, size },
    ...(annotations && { annotations }),
  };
  const { descriptor } = await pushBytes(target, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    sources: sourcesOf([config, empty], [content, artifact.bytes]),
    signal,
  });
  const listed = { ...descriptor, artifactType, ...(annotations && { annotations }) };
  await listReferrersOf(target, digest, { referrers: [listed], signal });
  return listed;
}
