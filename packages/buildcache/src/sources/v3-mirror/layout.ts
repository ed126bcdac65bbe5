// Where things lie in a Spack v3 mirror (Spack: url_buildcache.py, `URLBuildcacheEntry`; docs/binary_caches.rst).

import { formatPath, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";

/** The file that says that there is a mirror, and its text. */
export const layoutPath = "v3/layout.json";
export const layoutText = '{"signing": "gpg"}';

export const indexManifestPath = "v3/manifests/index/index.manifest.json";

/** Below it is a directory for each package's name. */
export const specManifestsPath = "v3/manifests/spec";

export const specManifestSuffix = ".spec.manifest.json";

export function specManifestPath(graph: SpecGraph, node: SpecNode): string {
  const file = formatPath(graph, node, "{name}-{version}-{hash}");
  return `${specManifestsPath}/${node.name}/${file}${specManifestSuffix}`;
}

export function blobPath(algorithm: string, checksum: string): string {
  return `blobs/${algorithm}/${checksum.slice(0, 2)}/${checksum}`;
}
