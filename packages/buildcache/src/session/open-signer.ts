// Opens the key, or the identity of the job, that images are signed with.

import type { AskPassword, SignatureFormat } from "@spack-oci/signatures";
import { type ImageSigner, imageSigner } from "../trust/image-signer.js";

/** Who signs, and how. */
export interface SignerRequest {
  /** A file with a private key, or `env://VARIABLE`; if undefined, the job that this runs in is asked for its identity. */
  readonly key: string | undefined;
  readonly format: SignatureFormat;
  /** Asks for the password of a key, unless `COSIGN_PASSWORD` has it. */
  readonly askPassword?: AskPassword;
}

/**
 * Signs without a key by Sigstore's public services, or those at `SPACK_OCI_FULCIO_URL` and `SPACK_OCI_REKOR_URL`.
 *
 * @throws SpackOciError `ERR_KEY`, `ERR_KEY_PASSWORD` and `ERR_SIGNATURE_FORMAT`, of kind `usage`
 */
export async function openSigner(
  { key, format, askPassword }: SignerRequest,
  environment: NodeJS.ProcessEnv,
): Promise<ImageSigner> {
  const { keylessSigner, keySigner, readPrivateKey } = await import("@spack-oci/signatures");
  const {
    COSIGN_PASSWORD: password,
    SPACK_OCI_FULCIO_URL: fulcioUrl,
    SPACK_OCI_REKOR_URL: rekorUrl,
  } = environment;
  if (key === undefined) return imageSigner(keylessSigner({ fulcioUrl, rekorUrl }), format);
  const ask = password === undefined ? askPassword : async () => password;
  return imageSigner(keySigner(await readPrivateKey(key, ask, environment)), format);
}
