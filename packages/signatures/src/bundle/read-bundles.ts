// Finds the bundles that are attached to an image.

import {
  type Descriptor,
  type Digest,
  fetchBytes,
  isImageIndex,
  isManifestType,
  parseManifest,
  type RequestOptions,
  referrersOf,
  type Target,
} from "@spack-oci/oci-client";
import { SignatureRejection } from "../errors.js";
import { MAX_BUNDLE_SIZE, MAX_LISTED_BUNDLE_SIZE, MAX_SIGNATURES } from "../limits.js";
import { BUNDLE_ANNOTATIONS, BUNDLE_TYPE, SIGNATURE_PREDICATE } from "./media-types.js";

/** Reads one bundle. */
export type BundleReader = () => Promise<Buffer>;

/**
 * The signatures among the referrers of an image, in the target's order. Only what is listed costs a request: the
 * bundles themselves are read one by one, and those that this program attached are in the list.
 *
 * @throws SignatureRejection if there are too many.
 */
export async function findBundles(
  target: Target,
  image: Digest,
  options: RequestOptions = {},
): Promise<readonly BundleReader[]> {
  const found = (await referrersOf(target, image, options)).filter(mayBeSignature);
  if (found.length > MAX_SIGNATURES) {
    throw new SignatureRejection(`it has ${found.length} signatures, more than ${MAX_SIGNATURES}`);
  }
  return found.map((referrer) => () => readBundle(target, referrer, options));
}

/** cosign's list under a tag names the type of the config instead of the artifact's. */
const EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

/** Annotations and types in a list are hints, which only spare requests. */
function mayBeSignature({ artifactType, annotations, mediaType }: Descriptor): boolean {
  const predicate = annotations?.[BUNDLE_ANNOTATIONS.predicateType];
  if (predicate !== undefined && predicate !== SIGNATURE_PREDICATE) return false;
  return isManifestType(mediaType) && [undefined, BUNDLE_TYPE, EMPTY_TYPE].includes(artifactType);
}

async function readBundle(target: Target, referrer: Descriptor, options: RequestOptions): Promise<Buffer> {
  const listed = referrer.annotations?.[BUNDLE_ANNOTATIONS.bundle];
  if (typeof listed === "string" && listed.length <= MAX_LISTED_BUNDLE_SIZE) return Buffer.from(listed);
  const limit = MAX_BUNDLE_SIZE;
  const bytes = await fetchBytes(target, referrer, { ...options, limit });
  const manifest = parseManifest(bytes, `${target.name}@${referrer.digest}`);
  const [layer] = isImageIndex(manifest) ? [] : manifest.layers;
  if (layer?.mediaType !== BUNDLE_TYPE) throw new SignatureRejection("a referrer has no bundle");
  return fetchBytes(target, layer, { ...options, limit });
}
