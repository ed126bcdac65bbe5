// Options of commands that build images.

import { text } from "../declaration/parameter.js";

export const BASE_IMAGE_OPTION = text(
  "--base-image <ref>",
  "base image, such as ubuntu:22.04 or a mirror URL with a tag",
);

/** @param done as in "every pushed image" */
export function digestsFileOption(done: string) {
  return text(
    "--digests-file <file>",
    `write the tag, digest, size and layers of every ${done} image to a JSON file`,
  );
}
