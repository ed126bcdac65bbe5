// Reads packages from a Spack v3 mirror.

import { MEDIA_TYPES } from "@spack-oci/oci-client";
import { selectSpecs } from "../../catalog/select-specs.js";
import type { PackageSource } from "../package-source.js";
import { specManifestPath } from "./layout.js";
import type { MirrorFiles } from "./mirror-files.js";
import { readContents, readEntry } from "./read-mirror.js";

export function v3Source(files: MirrorFiles): PackageSource {
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
      const { document, archive, signed } = await readEntry(files, specManifestPath(graph, node), signal);
      const { digest, size } = archive;
      return {
        document,
        archive: { mediaType: MEDIA_TYPES.ociLayerGzip, digest, size },
        place: `${files.name} ${digest}`,
        signed,
        open: (options) => files.open(archive, options),
      };
    },
  };
}
