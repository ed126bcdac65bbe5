// cosign's older place for signatures: an image under the tag `sha256-<hex>.sig`, with a layer for each signature.

import { isSpackOciError } from "@spack-oci/errors";
import {
  type Descriptor,
  fetchBytes,
  fetchManifest,
  isImageIndex,
  MEDIA_TYPES,
  pushBytes,
  type RequestOptions,
  referrersTag,
  sourcesOf,
  type Target,
} from "@spack-oci/oci-client";
import { repositoryOf } from "../bundle/attach-statement.js";
import type { PayloadSigner } from "../bundle/signer.js";
import { SignatureRejection } from "../errors.js";
import { MAX_PAYLOAD_SIZE, MAX_SIGNATURES } from "../limits.js";
import { formatPayload } from "./payload.js";

const PAYLOAD_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
const SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";
const CERTIFICATE_ANNOTATION = "dev.sigstore.cosign/certificate";

/** A payload and the signature over its bytes. */
export interface SimpleSignature {
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** Whether a certificate names the signer, instead of a key that the verifier has. */
  readonly hasCertificate: boolean;
}

/**
 * The tag with the older signatures of an image.
 *
 * @example
 * ```ts
 * import { digestOf } from "@spack-oci/oci-client";
 * import { signatureTag } from "@spack-oci/signatures";
 *
 * console.log(signatureTag({ digest: digestOf("{}") }).endsWith(".sig")); // true
 * ```
 */
export function signatureTag(image: Pick<Descriptor, "digest">): string {
  return `${referrersTag(image.digest)}.sig`;
}

/**
 * Reads the older signatures of an image one by one.
 *
 * @throws SignatureRejection if there are too many; as the target does if the tag cannot be read.
 */
export async function findSimpleSignatures(
  target: Target,
  image: Pick<Descriptor, "digest">,
  options: RequestOptions = {},
): Promise<readonly (() => Promise<SimpleSignature>)[]> {
  const layers = (await layersUnder(target, signatureTag(image), options)).filter(
    ({ mediaType }) => mediaType === PAYLOAD_TYPE,
  );
  if (layers.length > MAX_SIGNATURES) {
    throw new SignatureRejection(`it has ${layers.length} signatures, more than ${MAX_SIGNATURES}`);
  }
  return layers.map((layer) => async () => {
    const { [SIGNATURE_ANNOTATION]: signature, [CERTIFICATE_ANNOTATION]: certificate } =
      layer.annotations ?? {};
    if (typeof signature !== "string") throw new SignatureRejection("a payload has no signature");
    const payload = await fetchBytes(target, layer, { ...options, limit: MAX_PAYLOAD_SIZE });
    return {
      payload,
      signature: Buffer.from(signature, "base64"),
      hasCertificate: certificate !== undefined,
    };
  });
}

/** Signs an image in the older form, beside the signatures that it has. */
export async function addSimpleSignature(
  target: Target,
  image: Pick<Descriptor, "digest">,
  { signer, signal }: RequestOptions & { readonly signer: PayloadSigner },
): Promise<void> {
  const tag = signatureTag(image);
  const payload = formatPayload({ digest: image.digest, repository: repositoryOf(target) });
  const signature = signer.signPayload(payload).toString("base64");
  const { descriptor } = await pushBytes(target, payload, { mediaType: PAYLOAD_TYPE, signal });
  const annotations = { [SIGNATURE_ANNOTATION]: signature };
  const layers = [...(await layersUnder(target, tag, { signal })), { ...descriptor, annotations }];
  const config = Buffer.from(JSON.stringify(configOf(layers)));
  const { descriptor: configDescriptor } = await pushBytes(target, config, {
    mediaType: MEDIA_TYPES.ociConfig,
    signal,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    config: configDescriptor,
    layers,
  };
  await pushBytes(target, Buffer.from(JSON.stringify(manifest)), {
    mediaType: MEDIA_TYPES.ociManifest,
    tag,
    sources: sourcesOf([configDescriptor, config], [descriptor, payload]),
    signal,
  });
}

/** Payloads are layers that are not compressed. */
function configOf(layers: readonly Descriptor[]) {
  const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
  return { architecture: "", os: "", config: {}, rootfs };
}

async function layersUnder(
  target: Target,
  tag: string,
  options: RequestOptions,
): Promise<readonly Descriptor[]> {
  try {
    const { manifest } = await fetchManifest(target, tag, options);
    return isImageIndex(manifest) ? [] : manifest.layers;
  } catch (error) {
    if (isSpackOciError(error, "not-found")) return [];
    throw error;
  }
}
