// Checks that a spec is the one that was asked for: that it has the DAG hash, and that the hash is that of its content.

import { SpackOciError } from "@spack-oci/errors";
import { type SpecNode, verifyDagHash } from "@spack-oci/spack-spec";
import { describePackage } from "../events/events.js";

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
export function requireHash(
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

/**
 * The same for a whole spec, whose content has to match the hash as well. The hash of a spec in an old format cannot be
 * computed, and is trusted.
 *
 * @throws SpackOciError `ERR_WRONG_PACKAGE` and `ERR_DAG_HASH` (`corrupt`)
 */
export function requireSpec(found: SpecNode, expected: ExpectedSpec): void {
  requireHash(found, expected);
  if (verifyDagHash(found) === "mismatch") throw hashMismatch(found, expected.place);
}

/** @param place what has the spec */
export function hashMismatch(node: SpecNode, place: string): SpackOciError {
  const message = `The spec of ${describePackage(node)} does not match its DAG hash (${place}).`;
  return new SpackOciError("ERR_DAG_HASH", message, {
    kind: "corrupt",
    place,
    hint: `Somebody or something changed it. Run "spack-oci check --deep", and push the package again with "--force".`,
  });
}
