// Checks whether the specs of an image match their DAG hashes.

import { type SpecDocument, verifyDagHash } from "@spack-oci/spack-spec";
import { describePackage } from "../../events/events.js";

/**
 * One sentence for each spec whose content has a different DAG hash; specs in formats too old to check are accepted.
 */
export function wrongHashes({ graph }: SpecDocument): string[] {
  return [...graph.values()]
    .filter((node) => verifyDagHash(node) === "mismatch")
    .map((node) => `the DAG hash of ${describePackage(node)} does not match its spec`);
}
