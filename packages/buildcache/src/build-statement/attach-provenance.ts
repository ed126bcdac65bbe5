// Attaches statements about how packages were built to their images, signed if there is a signer.

import {
  type BuildRecord,
  formatProvenance,
  PROVENANCE_TYPE,
  STATEMENT_TYPE,
  type Tool,
} from "@spack-oci/bill-of-materials";
import { type Artifact, attachReferrer, type Descriptor, type Target } from "@spack-oci/oci-client";

/**
 * Signs a statement. The result is attached in its place, and has to contain it, as an envelope or a bundle does.
 *
 * @param statement the payload
 * @param options `payloadType` is the media type of the statement
 */
export type StatementSigner = (
  statement: Uint8Array,
  options: { readonly payloadType: string; readonly signal: AbortSignal | undefined },
) => Promise<Artifact>;

/** How packages were built, and who vouches for it. */
export interface ProvenanceRequest {
  readonly build: BuildRecord;
  /** The program that writes the statements. */
  readonly tool: Tool;
  /** If undefined, statements are attached unsigned: anyone who can write to the buildcache could have written them. */
  readonly sign?: StatementSigner | undefined;
}

/** Names the predicate where referrers are listed; BuildKit and others use this name, too. */
const PREDICATE_ANNOTATION = "in-toto.io/predicate-type";
/** Distinguishes statements that nobody vouches for. */
const SIGNED_ANNOTATION = "dev.spack-oci.signed";

/**
 * @param image the manifest that the statement is about; it need not exist yet
 * @returns the descriptor of the referring manifest
 */
export async function attachProvenance(
  target: Target,
  {
    image,
    tag,
    signal,
  }: { readonly image: Descriptor; readonly tag: string; readonly signal: AbortSignal | undefined },
  { build, tool, sign }: ProvenanceRequest,
): Promise<Descriptor> {
  const statement = formatProvenance({ name: `${target.name}:${tag}`, digest: image.digest }, build, tool);
  const artifact = (await sign?.(statement, { payloadType: STATEMENT_TYPE, signal })) ?? {
    artifactType: STATEMENT_TYPE,
    mediaType: STATEMENT_TYPE,
    bytes: statement,
    title: `${tag.replace(/\.spack$/, "")}.provenance.json`,
    annotations: { [PREDICATE_ANNOTATION]: PROVENANCE_TYPE, [SIGNED_ANNOTATION]: "false" },
  };
  return attachReferrer(target, image, { ...artifact, signal });
}
