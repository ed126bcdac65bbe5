// Puts the packages that the user named into one image, with what they run with, once they are pushed.

import { SpackOciError } from "@spack-oci/errors";
import type { Target } from "@spack-oci/oci-client";
import { formatJson } from "@spack-oci/spack-store";
import { architectureOf, type BaseImages } from "../base-image/prepare-base-images.js";
import { describePackage } from "../events.js";
import type { RunnableImage } from "../image/pushed-image.js";
import { putImage } from "../image/put-image.js";
import type { Annotations } from "../protocol/image-manifest.js";
import { runnableConfig } from "../protocol/runnable-config.js";
import type { PackageResult } from "../schedule/run-packages.js";
import type { ImageEnvironments } from "./image-environments.js";
import { imagePackages } from "./image-packages.js";
import type { KnownLayers } from "./known-layers.js";
import type { PushPlan } from "./plan-push.js";

/** What a push knows when its packages are there. */
export interface TagRequest {
  readonly tag: string;
  readonly plan: PushPlan;
  /** What became of the packages. */
  readonly packages: readonly PackageResult[];
  readonly layers: KnownLayers;
  readonly bases: BaseImages;
  readonly environmentOf: ImageEnvironments;
  readonly annotations?: Annotations | undefined;
}

/**
 * The image is one like any other: nothing in it tells of specs. It is made without what is not installed, as images of
 * packages are (Spack: binary_distribution.py, `OCIUploader.tag`; there nothing is tagged where anything is missing).
 *
 * @throws SpackOciError `ERR_IMAGE_INCOMPLETE` of the kind of what went wrong where a package that belongs into the image was
 *   not pushed; `ERR_IMAGE_EMPTY`
 */
export async function tagRoots(
  target: Target,
  request: TagRequest,
  signal?: AbortSignal,
): Promise<RunnableImage> {
  const { tag, plan, bases, annotations = new Map() } = request;
  const roots = plan.roots.map((node) => node.hash);
  const members = imagePackages(plan.graph, roots);
  requirePushed(request, new Set(members.map((node) => node.hash)));
  const layers = await request.layers.of(members);
  const [first] = plan.roots;
  if (first === undefined || layers.length === 0) throw empty(tag);
  const architecture = architectureOf(first);
  const base = bases.get(architecture);
  const { variables, source } = await request.environmentOf(plan.graph, roots, base);
  const config = runnableConfig({ architecture, layers, environment: variables, base: base?.config });
  const image = { tag, config: formatJson(config), layers, base, annotations };
  return { ...(await putImage(target, image, signal)), runEnvironment: source };
}

function requirePushed({ tag, packages }: TagRequest, members: ReadonlySet<string>): void {
  for (const result of packages) {
    if (result.outcome !== "failed" || !members.has(result.package.hash)) continue;
    const what = describePackage(result.package);
    throw new SpackOciError("ERR_IMAGE_INCOMPLETE", `${tag} was not made, because ${what} was not pushed.`, {
      kind: result.error.kind,
      place: tag,
      hint: "Mend that, and run the same command again.",
      cause: result.error,
    });
  }
}

function empty(tag: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_EMPTY", `${tag} was not made, because nothing would be in it.`, {
    kind: "not-found",
    place: tag,
    hint: "Name packages that are installed, or leave out --tag.",
  });
}
