// Checks that an image is that of the package that was asked for: a tag has at most 128 characters, so two packages
// with very long names could share one.

import { SpackOciError } from "@spack-oci/errors";
import type { SpecNode } from "@spack-oci/spack-spec";

/** The package that an image should have. */
export interface ExpectedSpec {
  /** DAG hash. */
  readonly hash: string;
  /** The image, with its tag. */
  readonly place: string;
}

/**
 * @param found the spec in the image
 * @throws SpackOciError `ERR_WRONG_PACKAGE` (`corrupt`)
 */
export function requireSpec(
  found: Pick<SpecNode, "name" | "version" | "hash">,
  { hash, place }: ExpectedSpec,
): void {
  if (found.hash === hash) return;
  const what = `${found.name}@${found.version}/${found.hash}`;
  throw new SpackOciError("ERR_WRONG_PACKAGE", `${place} is ${what}, not /${hash}.`, {
    kind: "corrupt",
    place,
    hint: `Push the package again with "--force".`,
  });
}
