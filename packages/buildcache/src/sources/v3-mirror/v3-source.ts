// Reads packages from a Spack v3 mirror.

import { MEDIA_TYPES } from "@spack-oci/oci-client";
import { selectSpecs } from "../../catalog/select-specs.js";
import { requireSpec } from "../../package-image/require-spec.js";
import type { ClearsignVerifier } from "../gpg/verify-clearsigned.js";
import type { PackageSource } from "../package-source.js";
import { specManifestPath } from "./layout.js";
import type { MirrorFiles } from "./mirror-files.js";
import { readContents, readEntry } from "./read-mirror.js";

/**
 * The index is not signed, as in Spack; what it says about a package has to agree with the package's own manifest and spec.
 *
 * @param verifier undefined if signatures are ignored
 */
export function v3Source(files: MirrorFiles, verifier?: ClearsignVerifier): PackageSource {
  return {
    name: files.name,
    async choose({ specs, environment }, run) {
      const { graph, packages } = await readContents(files, run);
      const candidates = packages.filter(
        (node) => environment === undefined || environment.graph.has(node.hash),
      );
      const chosen = selectSpecs({ graph, candidates, name: files.name }, specs);
      return { graph, packages, roots: chosen.map((node) => node.hash) };
    },
    async read(graph, node, signal) {
      const path = specManifestPath(graph, node);
      const { document, archive, isUnverified } = await readEntry(files, path, { signal, verifier });
      requireSpec(document.root, { hash: node.hash, place: `${files.name}/${path}` });
      const { digest, size } = archive;
      return {
        document,
        archive: { mediaType: MEDIA_TYPES.ociLayerGzip, digest, size },
        place: `${files.name} ${digest}`,
        isUnverified,
        open: (options) => files.open(archive, options),
      };
    },
  };
}
