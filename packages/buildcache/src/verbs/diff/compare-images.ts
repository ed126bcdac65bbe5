// Finds the differences between two images with the same tag.

import {
  type Digest,
  fetchBytes,
  fetchManifest,
  type ImageManifest,
  isImageIndex,
  type Target,
} from "@spack-oci/oci-client";
import { formatJson, isJsonObject, type Json, parseJson } from "@spack-oci/spack-spec";
import { MAX_CONFIG_SIZE } from "../../failures/content-limits.js";
import { diffIdsIn } from "../../package-image/runnable-config.js";

/**
 * - `spec`: different specs, or differently written ones
 * - `layer`: the package itself, uncompressed (the last layer of an image that is not a package)
 * - `compression`: the same package, compressed differently
 * - `base`: the layers below it, of a base image or of dependencies
 * - `config`: anything else in the config, such as the environment or the time
 * - `manifest`: none of these: media types, annotations, or the images of an image index
 */
export type ImagePart = "spec" | "layer" | "compression" | "base" | "config" | "manifest";

/** Members of a config that follow from layers. */
const OF_LAYERS: readonly string[] = ["rootfs", "binary_cache_checksum", "archive_size"];

/** @throws SpackOciError if either image cannot be read */
export async function compareImages(
  [a, b]: readonly [Target, Target],
  tag: string,
  signal: AbortSignal | undefined,
): Promise<readonly ImagePart[]> {
  const [one, other] = await Promise.all([readImage(a, tag, signal), readImage(b, tag, signal)]);
  if (one === undefined || other === undefined) return ["manifest"];
  const parts: ImagePart[] = [];
  if (one.spec !== other.spec) parts.push("spec");
  if (one.layer !== other.layer) {
    const isSame = one.diffId !== "" && one.diffId === other.diffId;
    parts.push(isSame ? "compression" : "layer");
  }
  if (one.base !== other.base) parts.push("base");
  if (one.config !== other.config) parts.push("config");
  return parts.length === 0 ? ["manifest"] : parts;
}

/** The parts of an image that are compared. */
interface ComparableImage {
  readonly spec: string;
  readonly config: string;
  readonly base: string;
  readonly layer: Digest | undefined;
  readonly diffId: string;
}

/** @returns undefined for an image index */
async function readImage(
  target: Target,
  tag: string,
  signal: AbortSignal | undefined,
): Promise<ComparableImage | undefined> {
  const { manifest } = await fetchManifest(target, tag, { signal });
  if (isImageIndex(manifest)) return undefined;
  const bytes = await fetchBytes(target, manifest.config, { limit: MAX_CONFIG_SIZE, signal });
  return comparable(manifest, parseJson(bytes.toString("utf8"), { place: `${target.name}:${tag}` }));
}

function comparable({ layers }: ImageManifest, config: Json): ComparableImage {
  const members = isJsonObject(config) ? config : new Map<string, Json>([["", config]]);
  const rest = [...members].filter(([name]) => name !== "spec" && !OF_LAYERS.includes(name));
  return {
    spec: formatJson(members.get("spec") ?? null),
    config: formatJson(new Map(rest)),
    base: layers
      .slice(0, -1)
      .map(({ digest }) => digest)
      .join(),
    layer: layers.at(-1)?.digest,
    diffId: diffIdsIn(members).at(-1) ?? "",
  };
}
