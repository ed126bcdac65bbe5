// Decides whether a bundle was signed by somebody who is trusted.

import { dsse } from "@sigstore/core";
import { toSignedEntity, Verifier } from "@sigstore/verify";
import type { ParsedBundle } from "../bundle/parse-bundle.js";
import { reasonFor, SignatureRejection } from "../errors.js";
import { isSignedBy } from "../keys/key-algorithm.js";
import { isIdentity, type TrustedSigners } from "./trusted-signers.js";

/**
 * @returns Who signed it, for messages.
 * @throws SignatureRejection if nobody did who is trusted; as the source of the authorities does.
 */
export async function verifyBundle(parsed: ParsedBundle, signers: TrustedSigners): Promise<string> {
  const { content } = parsed.bundle.verificationMaterial;
  if (content.$case === "publicKey") return verifyWithKeys(parsed, content.publicKey.hint, signers);
  return verifyWithCertificate(parsed, signers);
}

function verifyWithKeys({ bundle }: ParsedBundle, hint: string, { keys }: TrustedSigners): string {
  if (keys.length === 0) throw new SignatureRejection("it is signed with a key instead of a certificate");
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const signed = dsse.preAuthEncoding(payloadType, payload);
  const signature = signatures[0]?.sig ?? Buffer.alloc(0);
  const signer = keys.find(({ key }) => isSignedBy(key, signed, signature));
  if (signer !== undefined) return signer.description;
  // The hint is not signed: it only explains.
  const isOther = hint !== "" && keys.every((key) => key.hint !== hint);
  const other = `it is signed with another key (SHA-256 ${hint.slice(0, 64)})`;
  throw new SignatureRejection(isOther ? other : "the signature does not match the content");
}

/** Demands that the certificate and the signature are in a log, and that the certificate was valid at that time. */
async function verifyWithCertificate(
  { bundle }: ParsedBundle,
  { identities, authorities }: TrustedSigners,
): Promise<string> {
  if (identities.length === 0)
    throw new SignatureRejection("it is signed with a certificate instead of a key");
  const verifier = new Verifier(await authorities(), {
    ctlogThreshold: 1,
    tlogThreshold: 1,
    timestampThreshold: 1,
  });
  const found = attempt(() => verifier.verify(toSignedEntity(bundle)).identity);
  const { subjectAlternativeName: name, extensions } = found ?? {};
  // Compared here, because the library takes names for regular expressions that may match any part.
  const certified = { name, issuer: extensions?.issuer };
  if (identities.some((each) => isIdentity(each, certified))) return `${name} (issuer ${certified.issuer})`;
  throw new SignatureRejection(`it is signed by ${name} (issuer ${extensions?.issuer})`);
}

function attempt<T>(verify: () => T): T {
  try {
    return verify();
  } catch (error) {
    throw new SignatureRejection(reasonFor(error));
  }
}
