// The file that lists pushed images, for tools that sign them and for later jobs.

import type { PushedImage } from "@spack-oci/buildcache";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import { requireWritable, writeWholeFile } from "../process/write-file.js";
import { imageToJson } from "./images.js";

/**
 * Checks that the file can be written, before any work is done.
 *
 * @throws SpackOciError `ERR_DIGESTS_FILE` (`usage`)
 */
export async function requireDigestsFile(path: string): Promise<void> {
  await requireWritable(path, (_, cause) => unwritable(path, "usage", cause));
}

/**
 * Writes the whole file, or nothing.
 *
 * @param mirror the buildcache or repository that holds the images
 * @throws SpackOciError `ERR_DIGESTS_FILE` (`failed`)
 */
export async function writeDigestsFile(
  path: string,
  mirror: string,
  images: readonly PushedImage[],
): Promise<void> {
  const document = { mirror, images: images.map(imageToJson) };
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  await writeWholeFile(path, text, (_, cause) => unwritable(path, "failed", cause));
}

function unwritable(path: string, kind: "usage" | "failed", cause: unknown): SpackOciError {
  return new SpackOciError("ERR_DIGESTS_FILE", `Cannot write ${path}: ${reasonOf(cause)}`, {
    kind,
    place: path,
    hint: "Choose a file in an existing, writable directory.",
    cause,
  });
}
