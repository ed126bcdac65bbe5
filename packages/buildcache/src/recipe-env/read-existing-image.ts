// Reads the environment of a package's existing image, and that of the image below it.

import { type ErrorKind, isSpackOciError } from "@spack-oci/errors";
import { isJsonObject, type JsonObject } from "@spack-oci/spack-spec";
import type { Listener } from "../events/events.js";
import type { BaseImage } from "../package-image/base-image.js";
import { type PackageImage, readPackageImage } from "../package-image/read-image.js";
import { environmentIn } from "../package-image/runnable-config.js";
import type { VerifiedTarget } from "../trust/image-verifier.js";
import type { ExistingImage } from "./recipes-in-image.js";

/** Errors of an image that nobody can read, or nobody should. */
const BROKEN: readonly ErrorKind[] = ["not-found", "corrupt", "unsupported", "untrusted"];

export interface ReadOptions {
  /** The base image of this push. */
  readonly base: BaseImage | undefined;
  readonly listener?: Listener | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Undefined, with a warning, for a broken image, which is about to be replaced.
 *
 * @throws as the target does
 */
export async function readExistingImage(
  target: VerifiedTarget,
  tag: string,
  { base, listener, signal }: ReadOptions,
): Promise<ExistingImage | undefined> {
  try {
    const image = await readPackageImage(target, tag, signal);
    return { environment: environmentIn(image.config.json), base: environmentBelow(image, base) };
  } catch (error) {
    if (!isSpackOciError(error) || !BROKEN.includes(error.kind)) throw error;
    const message = `The existing image cannot be read, and what recipes added to its environment is lost: ${error.message}`;
    listener?.({ type: "warning", message });
    return undefined;
  }
}

/** An image without a base has nothing that only a base provides; an image on the same layers has the same base. */
function environmentBelow({ config: { json: config }, layers }: PackageImage, base: BaseImage | undefined) {
  const inner = config.get("config");
  const isBare =
    isJsonObject(inner) && hasOnly(inner, ["Env"]) && !config.has("history") && !config.has("created");
  if (isBare) return [];
  const isSame = base?.layers.every(({ digest }, index) => digest === layers[index]?.digest);
  return isSame === true ? base?.environment : undefined;
}

function hasOnly(object: JsonObject, keys: readonly string[]): boolean {
  return [...object.keys()].every((key) => keys.includes(key));
}
