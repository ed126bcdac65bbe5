// How the paths in copied files change, so that they point into the view.

import { breadthFirst, type SpecNode } from "@spack-oci/spack-spec";
import { type CopyMaps, PrefixMap } from "@spack-oci/spack-tarball";
import type { ViewPackages } from "../descriptor/view-packages.js";
import { joinPath } from "../merge/python-paths.js";
import type { ViewPlaces } from "../merge/view-places.js";

/**
 * The prefixes of a package and of all its dependencies become their directories in the view; in text, the root of the
 * store becomes the view itself (Spack: filesystem_view.py, `view_copy`).
 *
 * @param view absolute path of the directory that holds the files
 */
export function copyMapsOf(
  node: SpecNode,
  view: string,
  { packages, places }: { readonly packages: ViewPackages; readonly places: ViewPlaces },
): CopyMaps {
  const prefixes = breadthFirst(packages.graph, [node.hash])
    .filter((each) => each.external === undefined)
    .map((each) => [packages.prefixOf(each), placeIn(view, places.of(each))] as const);
  return {
    binaries: new PrefixMap(prefixes),
    text: new PrefixMap([...prefixes, [packages.storeRoot, view]]),
    platform: node.architecture?.platform,
    onIdentityLost: (path) => packages.onIdentityLost?.(node, path.slice(view.length + 1)),
  };
}

function placeIn(view: string, place: string): string {
  return place === "" ? view : joinPath(view, place);
}
