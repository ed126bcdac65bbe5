// Whether the specs in an image are the ones that their hashes name.

import { type SpecDocument, verifyDagHash } from "@spack-oci/spack-spec";
import { describePackage } from "../../events/events.js";

/** A sentence for each spec whose content has another DAG hash; specs too old to tell are let pass. */
export function wrongHashes({ graph }: SpecDocument): string[] {
  return [...graph.values()]
    .filter((node) => verifyDagHash(node) === "mismatch")
    .map((node) => `the spec of ${describePackage(node)} has another DAG hash than it says`);
}
