// Defines the paths in a Spack v3 mirror (Spack: url_buildcache.py, `URLBuildcacheEntry`; docs/binary_caches.rst).

import { formatPath, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";

/** The file that marks a mirror, and its content. */
export const LAYOUT_PATH = "v3/layout.json";
export const LAYOUT_TEXT = '{"signing": "gpg"}';

export const INDEX_MANIFEST_PATH = "v3/manifests/index/index.manifest.json";

/** Has a directory for each package name. */
export const SPEC_MANIFESTS_PATH = "v3/manifests/spec";

export const SPEC_MANIFEST_SUFFIX = ".spec.manifest.json";

export function specManifestPath(graph: SpecGraph, node: SpecNode): string {
  const file = formatPath(graph, node, "{name}-{version}-{hash}");
  return `${SPEC_MANIFESTS_PATH}/${node.name}/${file}${SPEC_MANIFEST_SUFFIX}`;
}

export function blobPath(algorithm: string, checksum: string): string {
  return `blobs/${algorithm}/${checksum.slice(0, 2)}/${checksum}`;
}
