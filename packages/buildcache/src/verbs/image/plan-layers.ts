// Decides which packages share a layer. Pure: it reads and writes nothing.

import { SpackOciError } from "@spack-oci/errors";
import { MAX_LAYERS } from "../../schedule/limits.js";
import type { ImageMember } from "./read-member.js";

export interface LayerLimits {
  /** The maximum number of layers in the image. */
  readonly maxLayers: number;
  /** Layers besides the packages': those of the base image and of a view. */
  readonly otherLayers: number;
  /** Whether all packages go into one layer. */
  readonly squash: boolean;
}

/**
 * The packages of each layer, the lowest first; a package alone in a layer keeps its existing one. Beyond the limit,
 * the smallest layers are merged, which costs the fewest bytes; the merged layer takes the place of the first of
 * them.
 *
 * @param members in the order of their layers
 * @throws SpackOciError `ERR_TOO_MANY_LAYERS` (`usage`) if there is no room left
 */
export function planLayers(
  members: readonly ImageMember[],
  { maxLayers, otherLayers, squash }: LayerLimits,
): (readonly ImageMember[])[] {
  const places = squash ? Math.min(1, maxLayers - otherLayers) : maxLayers - otherLayers;
  if (places < 1) throw tooMany(maxLayers, otherLayers);
  if (members.length <= places) return members.map((member) => [member]);
  const bySize = [...members].sort((a, b) => sizeOf(a) - sizeOf(b));
  const merged = new Set(bySize.slice(0, members.length - places + 1));
  const group = members.filter((member) => merged.has(member));
  return members.flatMap((member) => {
    if (!merged.has(member)) return [[member]];
    return member === group[0] ? [group] : [];
  });
}

function sizeOf({ layer }: ImageMember): number {
  return layer.descriptor.size;
}

function tooMany(maxLayers: number, otherLayers: number): SpackOciError {
  const message = `${otherLayers} base and view layers leave no room for packages within the limit of ${maxLayers} layers.`;
  return new SpackOciError("ERR_TOO_MANY_LAYERS", message, {
    kind: "usage",
    hint: `Allow more layers (at most ${MAX_LAYERS}), or choose another base image.`,
  });
}
