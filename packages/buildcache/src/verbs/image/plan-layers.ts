// Decides which packages share a layer. Pure.

import { SpackOciError } from "@spack-oci/errors";
import { MAX_LAYERS } from "../../schedule/limits.js";
import type { ImageMember } from "./read-member.js";

export interface LayerLimits {
  /** How many layers the image may have. */
  readonly most: number;
  /** Those that are there besides the packages': of the base image, and of a view. */
  readonly others: number;
  /** Whether all packages go into one layer. */
  readonly squash: boolean;
}

/**
 * The packages of each layer, the lowest first; a package that is alone keeps the layer that it has. Over the limit the
 * smallest are put into one, which costs the fewest bytes; it takes the place of the first of them.
 *
 * @param members in the order of their layers
 * @throws SpackOciError `ERR_TOO_MANY_LAYERS` (`usage`) where no place is left
 */
export function planLayers(
  members: readonly ImageMember[],
  { most, others, squash }: LayerLimits,
): (readonly ImageMember[])[] {
  const places = squash ? Math.min(1, most - others) : most - others;
  if (places < 1) throw tooMany(most, others);
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

function tooMany(most: number, others: number): SpackOciError {
  const message = `An image of at most ${most} layers has no place for packages on ${others} others.`;
  return new SpackOciError("ERR_TOO_MANY_LAYERS", message, {
    kind: "usage",
    hint: `Those are of the base image and the view. Allow more layers (at most ${MAX_LAYERS}), or take another base image.`,
  });
}
