// Copies a small buildcache from one target to another, manifests byte for byte.
import { Readable } from "node:stream";
import { childrenOf, fetchBytes, fetchManifest, type TagLister, type Target } from "@spack-oci/oci-client";

const LIMIT = 64 * 1024 * 1024;

/** @param choose which tags; all by default */
export async function copyTarget(
  from: Target & TagLister,
  to: Target,
  choose: (tag: string) => boolean = () => true,
): Promise<void> {
  for await (const tag of from.tags()) {
    if (!choose(tag)) continue;
    const { descriptor, bytes, manifest } = await fetchManifest(from, tag);
    for (const child of childrenOf(manifest)) {
      const blob = await fetchBytes(from, child, { limit: LIMIT });
      await to.push(child, () => Readable.from([blob]));
    }
    await to.push(descriptor, () => Readable.from([bytes]), { tag });
  }
}
