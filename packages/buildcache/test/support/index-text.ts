// The text of a package index, for comparisons.

import { fetchBytes, type Target } from "@spack-oci/oci-client";
import { resolveIndex } from "../../src/package-index/read-index.js";

/** The JSON of the index; undefined if there is none. */
export async function indexJson(target: Target): Promise<unknown> {
  const layer = (await resolveIndex(target))?.layer;
  return layer && (JSON.parse((await fetchBytes(target, layer, { limit: 1e6 })).toString()) as unknown);
}
