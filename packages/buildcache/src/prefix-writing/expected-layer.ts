// Checks that a layer is what the image of a package says it is.

import { SpackOciError } from "@spack-oci/errors";
import { isVerifiedRoot, parseSpecDocument } from "@spack-oci/spack-spec";
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
 * @param text the `.spack/spec.json` of the layer, if it has one
 * @throws SpackOciError (`corrupt`) `ERR_WRONG_PACKAGE` and `ERR_DAG_HASH` if the layer is another package's, or its
 *   spec was changed; `ERR_LAYER_UNNAMED` if it has no spec; and the errors of `parseSpecDocument`
 */
export function requireOwnSpec(text: string | undefined, expected: ExpectedSpec): void {
  const { hash, place } = expected;
  if (text === undefined) {
    throw new SpackOciError("ERR_LAYER_UNNAMED", `The layer of ${place} has no .spack/spec.json.`, {
      kind: "corrupt",
      place,
      hint: `Spack writes one into every prefix. Push the package again with "--force".`,
    });
  }
  if (!isVerifiedRoot(text, hash)) requireSpec(parseSpecDocument(text, place).root, expected);
}
