// The digests behind a buildcache's tags, and whether everything they refer to exists.

import {
  childrenOf,
  createRegistryClient,
  type Descriptor,
  fetchManifest,
  isManifestType,
  openTarget,
  type Target,
} from "@spack-oci/oci-client";

/** Digests by tag, without the index, which differs between buildcaches. */
export async function tagDigests(mirror: string): Promise<Record<string, string>> {
  const target = openTarget(mirror, { client: createRegistryClient() });
  const digests: Record<string, string> = {};
  for await (const tag of target.tags())
    if (tag !== "index.spack") digests[tag] = (await target.resolve(tag)).digest;
  return digests;
}

/** Digests that tags refer to, directly or not, and that do not exist. */
export async function missingContent(mirror: string): Promise<string[]> {
  const target = openTarget(mirror, { client: createRegistryClient() });
  const missing = new Set<string>();
  for await (const tag of target.tags()) await visit(target, await target.resolve(tag), missing);
  return [...missing];
}

async function visit(target: Target, descriptor: Descriptor, missing: Set<string>): Promise<void> {
  if (!(await target.exists(descriptor))) missing.add(descriptor.digest);
  else if (isManifestType(descriptor.mediaType)) {
    const { manifest } = await fetchManifest(target, descriptor.digest);
    for (const child of childrenOf(manifest)) await visit(target, child, missing);
  }
}
