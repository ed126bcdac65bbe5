// Packages as members of an image, without any buildcache.

import type { ImageMember } from "../../src/verbs/image/read-member.js";
import { node } from "./nodes.js";

/** A package at `/s/NAME` with a layer of the given size. */
export function member(
  name: string,
  more: Partial<ImageMember> & { readonly size?: number } = {},
): ImageMember {
  const { size = 1, ...rest } = more;
  return {
    node: node(name),
    layer: { descriptor: { mediaType: "", digest: "sha256:0", size }, diffId: "sha256:0" },
    prefix: `/s/${name}`,
    environment: [],
    hasBase: false,
    packedAt: undefined,
    ...rest,
  };
}
