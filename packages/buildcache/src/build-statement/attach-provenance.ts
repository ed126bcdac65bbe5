// Attaches statements about how packages were built to their images, signed if there is a signer.

import type { BuildRecord, Tool } from "@spack-oci/bill-of-materials";
import { attachReferrer, type Descriptor, type Target } from "@spack-oci/oci-client";
import type { ImageSigner } from "../trust/image-signer.js";

/** How packages were built. */
export interface ProvenanceRequest {
  readonly build: BuildRecord;
  /** The program that writes the statements. */
  readonly tool: Tool;
}

/** What a statement is about, and who vouches for it. */
interface StatementContext {
  /** A manifest, which need not exist yet. */
  readonly image: Descriptor;
  readonly tag: string;
  /** If undefined, the statement is attached unsigned: anyone who can write to the buildcache could have written it. */
  readonly signer: ImageSigner | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Names the predicate where referrers are listed; BuildKit and others use this name, too. */
const PREDICATE_ANNOTATION = "in-toto.io/predicate-type";
/** Distinguishes statements that nobody vouches for. */
const SIGNED_ANNOTATION = "dev.spack-oci.signed";

/**
 * Attaches a statement: signed in a bundle, as cosign attaches attestations, or as it is.
 *
 * @returns the descriptor of the referring manifest
 */
export async function attachProvenance(
  target: Target,
  { image, tag, signer, signal }: StatementContext,
  { build, tool }: ProvenanceRequest,
): Promise<Descriptor> {
  const { formatProvenance, PROVENANCE_TYPE, provenancePredicate, STATEMENT_TYPE } = await import(
    "@spack-oci/bill-of-materials"
  );
  if (signer !== undefined) {
    const { attachStatement } = await import("@spack-oci/signatures");
    const predicate = provenancePredicate(build, tool);
    const claim = { signer: signer.statements, predicateType: PROVENANCE_TYPE, predicate };
    return attachStatement(target, image, { ...claim, signal });
  }
  const bytes = formatProvenance({ name: `${target.name}:${tag}`, digest: image.digest }, build, tool);
  return attachReferrer(target, image, {
    artifactType: STATEMENT_TYPE,
    mediaType: STATEMENT_TYPE,
    bytes,
    title: `${tag.replace(/\.spack$/, "")}.provenance.json`,
    annotations: { [PREDICATE_ANNOTATION]: PROVENANCE_TYPE, [SIGNED_ANNOTATION]: "false" },
    signal,
  });
}
