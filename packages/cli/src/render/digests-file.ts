// The file that lists pushed images, for tools that sign them and for later jobs.

import { statSync } from "node:fs";
import { access, constants, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { PushedImage } from "@spack-oci/buildcache";
import { reasonOf, SpackOciError } from "@spack-oci/errors";
import { imageToJson } from "./images.js";

/**
 * Checks that the file can be written, before any work is done.
 *
 * @throws SpackOciError `ERR_DIGESTS_FILE` (`usage`)
 */
export async function requireDigestsFile(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a directory");
  } catch (error) {
    throw unwritable(path, "usage", error);
  }
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
  const temporary = `${path}.${crypto.randomUUID()}.temp`;
  const document = { mirror, images: images.map(imageToJson) };
  try {
    await writeFile(temporary, `${JSON.stringify(document, undefined, 2)}\n`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(path, "failed", error);
  }
}

function unwritable(path: string, kind: "usage" | "failed", cause: unknown): SpackOciError {
  return new SpackOciError("ERR_DIGESTS_FILE", `Cannot write ${path}: ${reasonOf(cause)}`, {
    kind,
    place: path,
    hint: "Choose a file in an existing, writable directory.",
    cause,
  });
}
