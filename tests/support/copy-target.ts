// Copies a small buildcache from one target to another, manifests byte for byte.

import { Readable } from "node:stream";
import {
  childrenOf,
  type Descriptor,
  fetchBytes,
  fetchManifest,
  type TagLister,
  type Target,
} from "@spack-oci/oci-client";

const LIMIT = 64 * 1024 * 1024;

/** @param choose which tags; all by default */
export async function copyTarget(
  from: Target & TagLister,
  to: Target,
  choose: (tag: string) => boolean = () => true,
): Promise<void> {
  const images = [];
  const children = new Map<string, Descriptor>();
  for await (const tag of from.tags()) {
    if (!choose(tag)) continue;
    const image = await fetchManifest(from, tag);
    images.push({ tag, ...image });
    for (const child of childrenOf(image.manifest)) children.set(child.digest, child);
  }
  const send = async (child: Descriptor) => {
    const blob = await fetchBytes(from, child, { limit: LIMIT });
    await to.push(child, () => Readable.from([blob]));
  };
  await Promise.all([...children.values()].map(send));
  await Promise.all(
    images.map(({ tag, descriptor, bytes }) => to.push(descriptor, () => Readable.from([bytes]), { tag })),
  );
}
