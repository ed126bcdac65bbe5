// Signs without a key of the user's: a certificate names the job that signs, and a log keeps the signature.

import { SpackOciError } from "@spack-oci/errors";
import { STATEMENT_TYPE } from "../bundle/media-types.js";
import type { StatementSigner } from "../bundle/signer.js";
import { reasonFor } from "../errors.js";

/** The services that take part; Sigstore's public ones by default. */
export interface KeylessServices {
  readonly fulcioUrl?: string | undefined;
  readonly rekorUrl?: string | undefined;
}

/**
 * Takes the identity from the job it runs in: a GitHub Actions job with `id-token: write`, or any job with an OIDC token
 * for the audience `sigstore` in `SIGSTORE_ID_TOKEN`, as GitLab provides it.
 */
export function keylessSigner({ fulcioUrl, rekorUrl }: KeylessServices = {}): StatementSigner {
  return {
    name: "the identity of this job",
    async signStatement(statement) {
      const sigstore = await import("@sigstore/sign");
      const { bundleToJSON } = await import("@sigstore/bundle");
      const identityProvider = new sigstore.CIContextProvider("sigstore");
      const fulcioBaseURL = fulcioUrl ?? sigstore.DEFAULT_FULCIO_URL;
      const rekorBaseURL = rekorUrl ?? sigstore.DEFAULT_REKOR_URL;
      const builder = new sigstore.DSSEBundleBuilder({
        signer: new sigstore.FulcioSigner({ fulcioBaseURL, identityProvider }),
        witnesses: [new sigstore.RekorWitness({ rekorBaseURL, entryType: "dsse" })],
      });
      try {
        const bundle = await builder.create({ data: statement, type: STATEMENT_TYPE });
        return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
      } catch (cause) {
        throw cannotSign(cause);
      }
    },
  };
}

function cannotSign(cause: unknown): SpackOciError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  // What the library says about a malformed token contains the token.
  if (code.startsWith("IDENTITY_TOKEN")) return withoutIdentity();
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const message = `Signing without a key failed: ${reasonFor(cause)} (${reasonFor(inner)}).`;
  return new SpackOciError("ERR_KEYLESS", message, {
    kind: "unreachable",
    cause,
    hint: "Check that the job reaches Fulcio and Rekor, and try again.",
  });
}

function withoutIdentity(): SpackOciError {
  return new SpackOciError("ERR_KEYLESS", "Signing without a key failed: this job has no usable identity.", {
    kind: "denied",
    hint: "Run in a GitHub Actions job with the permission id-token: write, or set SIGSTORE_ID_TOKEN to an OIDC token for the audience sigstore. Elsewhere, use a key.",
  });
}
