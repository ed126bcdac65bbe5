// Makes the layers of an image that no package has: of several packages together, and of a view's links.

import { join } from "node:path";
import type { Target } from "@spack-oci/oci-client";
import {
  mergeLayers,
  packView,
  readPackageTree,
  type ViewConflict,
  ViewTree,
} from "@spack-oci/spack-tarball";
import type { Listener } from "../../events/events.js";
import { spoolLayer } from "../../layers/spool-layer.js";
import { uploadLayer } from "../../layers/upload-layer.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import type { Scheduler } from "../../schedule/scheduler.js";
import type { ImageMember } from "./read-member.js";

export interface LayerContext {
  /** Where the packages are. */
  readonly target: Target;
  /** Where the image will be. */
  readonly destination: Target;
  readonly scheduler: Scheduler;
  /** An empty directory of this image. */
  readonly scratch: string;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A layer of the packages together: each is streamed through, and only the compressed result is on disk. */
export async function mergeMembers(
  group: readonly ImageMember[],
  context: LayerContext,
): Promise<PackageLayer> {
  const { target, destination, scheduler, scratch, listener, signal } = context;
  return scheduler.heavy(async () => {
    listener?.({ type: "image", step: "merging", packages: group.length });
    const sources = group.map(
      ({ layer }) =>
        () =>
          target.fetch(layer.descriptor, { signal }),
    );
    const packed = await spoolLayer(mergeLayers(sources), join(scratch, "merged.tar.gz"), { signal });
    return uploadLayer(destination, packed, { signal });
  });
}

/** A layer with links to the packages' files; where several have the same, to that of the first dependent. */
export async function linkMembers(
  view: string,
  members: readonly ImageMember[],
  context: LayerContext,
): Promise<{ readonly layer: PackageLayer; readonly conflicts: readonly ViewConflict[] }> {
  const { target, destination, scheduler, scratch, listener, signal } = context;
  listener?.({ type: "image", step: "linking", packages: members.length });
  const trees = members.map(({ layer, prefix }) =>
    scheduler.heavy(async () => readPackageTree(await target.fetch(layer.descriptor, { signal }), prefix)),
  );
  const tree = new ViewTree();
  const conflicts = (await Promise.all(trees)).reverse().flatMap((each) => tree.add(each));
  const packed = await spoolLayer(packView(view, tree), join(scratch, "view.tar.gz"), { signal });
  return { layer: await uploadLayer(destination, packed, { signal }), conflicts };
}
