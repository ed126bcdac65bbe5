// Puts the packages that the user named into one image, with their run dependencies, once they are pushed.

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "@spack-oci/oci-client";
import { formatJson } from "@spack-oci/spack-spec";
import { architectureOf } from "../../base-image/prepare-base-images.js";
import { describePackage } from "../../events/events.js";
import { imagePackages } from "../../package-image/image-packages.js";
import type { KnownLayers } from "../../package-image/known-layers.js";
import type { RunnableImage } from "../../package-image/pushed-image.js";
import { putImage } from "../../package-image/put-image.js";
import { runnableConfig } from "../../package-image/runnable-config.js";
import type { PackageResult } from "../../schedule/run-packages.js";
import type { ImageEnvironments } from "./image-environments.js";
import type { PushWork } from "./push-work.js";

/** The image to make. */
export interface RootsImage {
  readonly tag: string;
  /** The outcomes of the push. */
  readonly packages: readonly PackageResult[];
  readonly layers: KnownLayers;
  readonly environmentOf: ImageEnvironments;
}

/**
 * The image is an ordinary one, without specs. Like images of packages, it is made without packages that are not
 * installed (Spack: binary_distribution.py, `OCIUploader.tag`, which tags nothing if a package is missing).
 *
 * @throws SpackOciError `ERR_IMAGE_INCOMPLETE` with the kind of its cause if a package of the image was not pushed;
 *   `ERR_IMAGE_EMPTY`
 */
export async function tagRoots(
  { mirror, request, plan, bases, run }: PushWork,
  { tag, packages, layers: known, environmentOf }: RootsImage,
): Promise<RunnableImage> {
  const { annotations = new Map(), signer } = request;
  const roots = plan.roots.map((node) => node.hash);
  const members = imagePackages(plan.graph, roots);
  requirePushed(tag, packages, new Set(members.map((node) => node.hash)));
  const layers = await known.of(members);
  const [first] = plan.roots;
  if (first === undefined || layers.length === 0) throw empty(tag);
  const architecture = architectureOf(first);
  const base = bases.get(architecture);
  const { variables, source } = await environmentOf(plan.graph, roots, base);
  const config = runnableConfig({ architecture, layers, environment: variables, base: base?.config });
  const beforeTag = async (manifest: Descriptor) => signer?.sign(mirror, manifest, run.signal);
  const image = { tag, config: formatJson(config), layers, base, annotations, beforeTag };
  return { ...(await putImage(mirror, image, run.signal)), runEnvironment: source };
}

function requirePushed(tag: string, packages: readonly PackageResult[], members: ReadonlySet<string>): void {
  for (const result of packages) {
    if (result.outcome !== "failed" || !members.has(result.package.hash)) continue;
    const what = describePackage(result.package);
    throw new SpackOciError(
      "ERR_IMAGE_INCOMPLETE",
      `${tag} was not created, because ${what} was not pushed.`,
      {
        kind: result.error.kind,
        place: tag,
        hint: "Fix that and run the same command again.",
        cause: result.error,
      },
    );
  }
}

function empty(tag: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_EMPTY", `${tag} was not created, because it would be empty.`, {
    kind: "not-found",
    place: tag,
    hint: "Name packages that are installed, or leave out --tag.",
  });
}
