// Makes the layers of an image that no package has: several packages merged, and the links of a view.

import { join } from "node:path";
import {
  mergeLayers,
  packView,
  readPackageTree,
  type ViewConflict,
  ViewTree,
} from "@spack-oci/spack-tarball";
import { spoolLayer } from "../../layers/spool-layer.js";
import { uploadLayer } from "../../layers/upload-layer.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import type { ImageWork } from "./image-work.js";
import type { ImageMember } from "./read-member.js";

export interface LayerContext extends ImageWork {
  /** An empty directory for this image. */
  readonly scratch: string;
}

/** A layer of several packages: each is streamed through, and only the compressed result is on disk. */
export async function mergeMembers(
  group: readonly ImageMember[],
  context: LayerContext,
): Promise<PackageLayer> {
  const { mirror, destination, scratch, run } = context;
  const { scheduler, listener, signal } = run;
  return scheduler.transfer(async () => {
    listener?.({ type: "image", step: "merging", packages: group.length });
    const sources = group.map(
      ({ layer }) =>
        () =>
          mirror.fetch(layer.descriptor, { signal }),
    );
    const packed = await spoolLayer(mergeLayers(sources), join(scratch, "merged.tar.gz"), { signal });
    return uploadLayer(destination, packed, { signal });
  });
}

/** A layer with links to the packages' files; if several have the same file, to that of the first dependent. */
export async function linkMembers(
  view: string,
  members: readonly ImageMember[],
  context: LayerContext,
): Promise<{ readonly layer: PackageLayer; readonly conflicts: readonly ViewConflict[] }> {
  const { mirror, destination, scratch, run } = context;
  const { scheduler, listener, signal } = run;
  listener?.({ type: "image", step: "linking", packages: members.length });
  const trees = members.map(({ layer, prefix }) =>
    scheduler.transfer(async () => readPackageTree(await mirror.fetch(layer.descriptor, { signal }), prefix)),
  );
  const tree = new ViewTree();
  const conflicts = (await Promise.all(trees)).reverse().flatMap((each) => tree.add(each));
  const packed = await spoolLayer(packView(view, tree), join(scratch, "view.tar.gz"), { signal });
  return { layer: await uploadLayer(destination, packed, { signal }), conflicts };
}
