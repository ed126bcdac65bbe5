// Compares the padding of the store with that of the packages in the buildcache, before anything is sent.

import { SpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import { paddedRootIn } from "@spack-oci/spack-store";
import { asSpackOciError } from "../../failures/failure.js";
import { inspectPackageManifest } from "../../package-image/read-image.js";
import { isPackageTag } from "../../package-image/tags.js";
import { readLayerOrigin } from "../../provenance/read-layer-origin.js";
import type { PushWork } from "./push-work.js";

/**
 * Warns if packages from a shorter root would join packages from a padded one: what contains paths could not be pulled
 * into longer roots. One package stands for all, so the cost is that of its manifest and the ends of its layer.
 *
 * @throws SpackOciError `ERR_SHORT_ROOT` (`conflict`) if the request is strict
 */
export async function comparePadding({
  mirror,
  request,
  store,
  existing,
  run,
}: Pick<PushWork, "mirror" | "request" | "store" | "existing" | "run">): Promise<void> {
  const [tag] = [...existing].filter(isPackageTag).sort();
  if (tag === undefined) return;
  const root = await paddedRootOf(mirror, tag, run);
  if (root === undefined || [...store.root].length >= [...root].length) return;
  const length = [...root].length;
  const message = `Packages in ${mirror.name} come from roots of ${length} characters, such as that of ${tag}, but ${store.root} has only ${[...store.root].length}. If binaries of the pushed packages contain paths, they cannot be pulled into such roots.`;
  const hint = `Install them with config:install_tree:padded_length ${length}, or push with "--relocate-to ROOT --padded-length ${length}".`;
  if (request.strict === true)
    throw new SpackOciError("ERR_SHORT_ROOT", message, { kind: "conflict", place: store.root, hint });
  run.listener?.({ type: "warning", message: `${message} ${hint}`, place: store.root });
}

/** The padded root that a package was packed below; undefined if it is not padded. */
async function paddedRootOf(
  target: Target,
  tag: string,
  { listener, signal }: PushWork["run"],
): Promise<string | undefined> {
  try {
    const { layer } = await inspectPackageManifest(target, tag, signal);
    const isEnough = ({ prefix }: { readonly prefix?: string | undefined }) => prefix !== undefined;
    const { origin } = await readLayerOrigin(target, layer, { isEnough, signal });
    return origin.prefix === undefined ? undefined : paddedRootIn(`${origin.prefix}/`);
  } catch (thrown) {
    signal?.throwIfAborted();
    const error = asSpackOciError(thrown);
    const message = `Could not compare the padding of packages, because ${tag} cannot be read: ${error.message}`;
    listener?.({ type: "warning", message, place: error.place });
    return undefined;
  }
}
