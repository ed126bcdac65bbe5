// Reads packages from a buildcache for mirrors of other kinds.

import { choosePackages } from "../catalog/choose-packages.js";
import { readPackageImage } from "../package-image/read-image.js";
import { packageTag } from "../package-image/tags.js";
import type { Buildcache } from "../schedule/run.js";
import type { PackageSource } from "./package-source.js";

export function buildcacheSource(mirror: Buildcache): PackageSource {
  return {
    name: mirror.name,
    async choose(request, run) {
      const { catalog, roots } = await choosePackages([mirror], request, run);
      return { graph: catalog.graph, packages: catalog.packages, roots };
    },
    async read(_graph, node, signal) {
      const { tag, document, layer } = await readPackageImage(mirror, packageTag(node), signal);
      return {
        document,
        archive: layer.descriptor,
        place: `${mirror.name}:${tag}`,
        isUnverified: false,
        open: (options) => mirror.fetch(layer.descriptor, options),
      };
    },
  };
}
