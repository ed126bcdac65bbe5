// Reads what a pull needs from the config of a package's image, at a fraction of the cost of reading all of it.

import { isDigest } from "@spack-oci/oci-client";
import { type SpecNode, verifiedRoot } from "@spack-oci/spack-spec";
import { LAYOUT_VERSION } from "./image-config.js";
import type { ImageLayers } from "./require-consistent.js";

/**
 * The digest of the decompressed layer of a package, if the config is certainly that of its image: it describes the same
 * spec, fits the layers, and its spec matches its DAG hash. If it is not, nothing is known: `parseImageConfig` and
 * `requireConsistent` decide, and explain what is wrong.
 */
export function plainDiffId(
  text: string,
  { name, version, hash }: SpecNode,
  { layers, layer }: ImageLayers,
): string | undefined {
  const config = outlineOf(text);
  const root = verifiedRoot(config, hash);
  if (config === undefined || root?.name !== name || root.version !== version) return undefined;
  const layoutVersion = config.buildcache_layout_version ?? 1;
  if (typeof layoutVersion !== "number" || layoutVersion > LAYOUT_VERSION) return undefined;
  const checksum = config.binary_cache_checksum;
  if (checksum !== undefined && `${checksum?.hash_algorithm}:${checksum?.hash}` !== layer.digest)
    return undefined;
  const diffIds = config.rootfs?.diff_ids;
  if (!Array.isArray(diffIds) || diffIds.length !== layers.length) return undefined;
  return diffIds.every((each) => typeof each === "string" && isDigest(each)) ? diffIds.at(-1) : undefined;
}

function outlineOf(text: string): ConfigOutline | undefined {
  try {
    const config: unknown = JSON.parse(text);
    return typeof config === "object" && config !== null ? config : undefined;
  } catch {
    return undefined; // parseImageConfig explains what is wrong
  }
}

/** What {@link plainDiffId} looks at; none of it is certain. */
interface ConfigOutline {
  readonly buildcache_layout_version?: unknown;
  readonly binary_cache_checksum?: { readonly hash_algorithm?: unknown; readonly hash?: unknown } | null;
  readonly rootfs?: { readonly diff_ids?: unknown } | null;
}
