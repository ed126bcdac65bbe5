// Checks that a layer is what the image of a package says it is.

import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import { isVerifiedRoot, parseSpecDocument, type SpecNode } from "@spack-oci/spack-spec";
import { type ExpectedSpec, requireSpec } from "../package-image/require-spec.js";

/** What the image says, which was verified before. */
export interface ExpectedLayer extends ExpectedSpec {
  /** The digest of the decompressed layer. */
  readonly diffId: string;
}

/** @throws SpackOciError `ERR_IMAGE_INCONSISTENT` (`corrupt`) */
export function requireDiffId(found: string, { diffId, place }: ExpectedLayer): void {
  if (found === diffId) return;
  const message = `The layer of ${place} decompresses to ${found}, but its config has the diff_id ${diffId}.`;
  throw new SpackOciError("ERR_IMAGE_INCONSISTENT", message, {
    kind: "corrupt",
    place,
    hint: `Push the package again with "--force".`,
  });
}

/**
 * A layer that does not say whose it is passes: anyone who could write it could have written the right name into it, too.
 * Its image does say so, and was verified.
 *
 * @param text the `.spack/spec.json` of the layer, if it has one
 * @throws SpackOciError (`corrupt`) `ERR_WRONG_PACKAGE` and `ERR_DAG_HASH` if the layer is another package's, or its
 *   spec was changed
 */
export function requireOwnSpec(text: string | undefined, expected: ExpectedSpec): void {
  if (text === undefined || isVerifiedRoot(text, expected.hash)) return;
  const root = readableRoot(text, expected.place);
  if (root !== undefined) requireSpec(root, expected);
}

function readableRoot(text: string, place: string): SpecNode | undefined {
  try {
    return parseSpecDocument(text, place).root;
  } catch (error) {
    if (isSpackOciError(error, "corrupt")) return undefined;
    throw error;
  }
}
