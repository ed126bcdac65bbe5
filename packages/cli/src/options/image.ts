// The options of commands that make images.

import { text } from "../declaration/parameter.js";

export const BASE_IMAGE_OPTION = text(
  "--base-image <ref>",
  "container image to put packages on, such as ubuntu:22.04, or a mirror's location with a tag",
);

/** @param done as in "every image that was pushed" */
export function digestsFileOption(done: string) {
  return text(
    "--digests-file <file>",
    `write the tag, digest, size and layers of every image that was ${done} to a JSON file`,
  );
}
