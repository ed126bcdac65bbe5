// Prepares everything about an image, so that problems are found before anything is written.

import { SpackOciError } from "@spack-oci/errors";
import { formatJson } from "@spack-oci/spack-spec";
import { readBaseImage } from "../../base-image/read-base-image.js";
import { describePackage } from "../../events/events.js";
import type { BaseImage } from "../../package-image/base-image.js";
import type { PackageLayer } from "../../package-image/package-layer.js";
import { runnableConfig } from "../../package-image/runnable-config.js";
import { MAX_LAYERS } from "../../schedule/limits.js";
import type { Run } from "../../schedule/run.js";
import { installRoots, requireDistinctPrefixes } from "./check-members.js";
import type { ImageRequest } from "./image-request.js";
import { withHistory, withSettings, withVariables } from "./image-settings.js";
import type { ImageWork } from "./image-work.js";
import { joinedEnvironment } from "./joined-environment.js";
import type { PlannedImage } from "./plan-images.js";
import { planLayers } from "./plan-layers.js";
import { type ImageMember, readMember } from "./read-member.js";
import { requireViewPlace } from "./view-place.js";

/** An image that is complete except for the layers that have to be made. */
export interface PreparedImage {
  readonly planned: PlannedImage;
  /** Leaves first. */
  readonly members: readonly ImageMember[];
  /** The packages of each layer, the lowest first. */
  readonly groups: readonly (readonly ImageMember[])[];
  readonly base: BaseImage | undefined;
  /** Its config, once all layers are known. */
  readonly configWith: (layers: readonly PackageLayer[]) => string;
  readonly createdAt: Date;
}

/** Podman, skopeo and others reject larger configs (containers/image: `iolimits.MaxConfigBodySize`). */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024;

/** @throws SpackOciError if something is missing or does not fit; nothing has been written then */
export async function prepareImage(
  planned: PlannedImage,
  { mirror, request, run }: ImageWork,
): Promise<PreparedImage> {
  const { view, settings = {}, maxLayers = MAX_LAYERS } = request;
  const { scheduler, signal } = run;
  const base = await baseOf(planned, request, signal);
  const reads = planned.packages.map((node) => scheduler.request(() => readMember(mirror, node, signal)));
  const members = await Promise.all(reads);
  requireDistinctPrefixes(members);
  if (view !== undefined) requireViewPlace(view, members);
  warnOfRoots(planned, members, run);
  const groups = planLayers(members, {
    maxLayers: Math.min(maxLayers, MAX_LAYERS),
    otherLayers: (base?.layers.length ?? 0) + (view === undefined ? 0 : 1),
    squash: request.squash ?? false,
  });
  const joined = await joinedEnvironment({
    graph: planned.graph,
    roots: planned.roots.map((node) => node.hash),
    members,
    base: base?.environment ?? [],
    view,
  });
  const environment = withVariables(joined, settings.variables);
  const createdAt = request.createdAt ?? newest(members, base);
  const createdBy = [...groups.map(describeGroup), ...(view === undefined ? [] : [`view ${view}`])];
  const configWith = (layers: readonly PackageLayer[]): string => {
    const { architecture } = planned.platform;
    const runnable = runnableConfig({ architecture, layers, environment, base: base?.config });
    return formatJson(withHistory(withSettings(runnable, settings), createdAt, createdBy));
  };
  requireSize(configWith(createdBy.map(() => PLACEHOLDER_LAYER)), request.tag);
  return { planned, members, groups, base, configWith, createdAt };
}

/**
 * Stands for a layer that does not exist yet: configs hold only the digests of layers, which all have the same
 * length.
 */
const PLACEHOLDER_LAYER: PackageLayer = {
  descriptor: { mediaType: "", digest: `sha256:${"0".repeat(64)}`, size: 0 },
  diffId: `sha256:${"0".repeat(64)}`,
};

async function baseOf(
  { platform }: PlannedImage,
  { baseImage }: ImageRequest,
  signal: AbortSignal | undefined,
): Promise<BaseImage | undefined> {
  return baseImage === undefined ? undefined : readBaseImage(baseImage, platform.architecture, signal);
}

function describeGroup(group: readonly ImageMember[]): string {
  return `spack-oci image ${group.map(({ node }) => describePackage(node)).join(" ")}`;
}

function warnOfRoots({ graph }: PlannedImage, members: readonly ImageMember[], { listener }: Run): void {
  const roots = installRoots(graph, members);
  if (roots.length < 2) return;
  listener?.({
    type: "warning",
    message: `The packages come from several install trees, and may not find each other: ${roots.join(", ")}.`,
  });
}

/** So that the same parts always result in the same image. */
function newest(members: readonly ImageMember[], base: BaseImage | undefined): Date {
  const times = members.flatMap(({ packedAt }) => packedAt?.getTime() ?? []);
  const created = Date.parse(String(base?.config.get("created")));
  return new Date(Math.max(0, ...times, Number.isNaN(created) ? 0 : created));
}

function requireSize(config: string, tag: string): void {
  const size = Buffer.byteLength(config);
  if (size <= MAX_CONFIG_BYTES) return;
  throw new SpackOciError("ERR_IMAGE_CONFIG_TOO_LARGE", `The config of ${tag} would have ${size} bytes.`, {
    kind: "unsupported",
    place: tag,
    hint: "Container engines accept at most 4 MiB. Use fewer labels and variables, or another base image.",
  });
}
