// Finds out whether a spec that does not match its DAG hash is that of a spliced package: the hash covers the build
// spec, which Spack's database does not keep. Everything that is written from a database lacks it, such as package
// indexes and the configs of images, but Spack writes it into the prefix.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor, Target } from "@spack-oci/oci-client";
import {
  type HashVerdict,
  isSplicedFrom,
  parseSpecDocument,
  type SpecDocument,
  type SpecNode,
} from "@spack-oci/spack-spec";
import { decompress, readTar } from "@spack-oci/spack-tarball";
import { MAX_CONFIG_SIZE } from "../failures/content-limits.js";
import { isOutOfReach } from "../failures/failure.js";

/** The name of the member of a layer with the spec of its package. */
export const SPEC_MEMBER: RegExp = /\/\.spack\/spec\.json$/;

/**
 * Judges a node that does not match its hash by the build spec that a layer has for it. Reads the layer up to its spec.
 *
 * @param layer the layer of the package itself, or of one that depends on it
 * @returns `match` if the build spec is what the node lacks; `unverifiable` if the package is spliced, but its hash cannot
 *   be computed all the same, as that of many spliced packages (`verifyDagHash`)
 * @throws SpackOciError if the layer is out of reach; one that cannot be read proves nothing
 */
export async function verifyByLayer(
  target: Target,
  layer: Descriptor,
  { node, signal }: { readonly node: SpecNode; readonly signal?: AbortSignal | undefined },
): Promise<HashVerdict> {
  try {
    const buildSpec = (await specIn(target, layer, signal))?.graph.get(node.hash)?.buildSpec;
    if (buildSpec === undefined) return "mismatch";
    return isSplicedFrom(node, buildSpec) ? "match" : "unverifiable";
  } catch (error) {
    signal?.throwIfAborted();
    if (!isSpackOciError(error) || isOutOfReach(error)) throw error;
    return "mismatch";
  }
}

async function specIn(
  target: Target,
  layer: Descriptor,
  signal: AbortSignal | undefined,
): Promise<SpecDocument | undefined> {
  const bytes = await target.fetch(layer, { signal });
  for await (const member of readTar(decompress(bytes))) {
    const { name, size } = member.header;
    if (SPEC_MEMBER.test(name) && size <= MAX_CONFIG_SIZE)
      return parseSpecDocument((await member.bytes()).toString("utf8"));
  }
  return undefined;
}
