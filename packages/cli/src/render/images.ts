// Images as JSON, for results and the digests file, and as lines.

import type { PushedImage, RunnableImage } from "@spack-oci/buildcache";

/** Sizes are in bytes. */
export interface ImageJson extends DescriptorJson {
  readonly tag: string;
  readonly layers: readonly DescriptorJson[];
}

interface DescriptorJson {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export function imageToJson({ tag, descriptor, layers }: PushedImage): ImageJson {
  return { tag, ...descriptorToJson(descriptor), layers: layers.map(descriptorToJson) };
}

function descriptorToJson({ mediaType, digest, size }: DescriptorJson): DescriptorJson {
  return { mediaType, digest, size };
}

const VARIABLE_SOURCES: Readonly<Record<RunnableImage["runEnvironment"], string>> = {
  spack: "from Spack",
  image: "from existing images",
  table: "from the built-in table",
  none: "",
};

/** Where the variables that recipes set come from, if there are any. */
export function variableSourceLines(images: readonly RunnableImage[]): string[] {
  const counts = Object.entries(VARIABLE_SOURCES).flatMap(([source, words]) => {
    const count = images.filter(({ runEnvironment }) => runEnvironment === source).length;
    return words === "" || count === 0 ? [] : [`${count} ${words}`];
  });
  return counts.length === 0 ? [] : [`Variables set by recipes: ${counts.join(", ")}.`];
}
