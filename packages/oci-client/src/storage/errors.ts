// The errors that all kinds of targets have in common.

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";

/** The error for a missing tag or missing content; kind `not-found`, code `ERR_OCI_NOT_FOUND`. */
export function notFound(target: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_NOT_FOUND", `${target} has no ${what}.`, {
    kind: "not-found",
    place: `${target} ${what}`,
    cause,
    hint: "Check the name, and whether it was pushed.",
  });
}

/** The error for a tag that does not point to the expected manifest; kind `conflict`, code `ERR_OCI_TAG_MOVED`. */
export function tagMoved(target: string, tag: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_TAG_MOVED", `${target}:${tag} was changed by another process.`, {
    kind: "conflict",
    place: `${target}:${tag}`,
    cause,
    hint: "Check what it points to now, and try again.",
  });
}

/** Whether a tag that points to `digest`, or does not exist, may be moved (`PushOptions.replacing`). */
export function mayReplace(digest: Digest | undefined, replacing: Digest | "nothing" | undefined): boolean {
  return replacing === undefined || replacing === (digest ?? "nothing");
}

/** The name of content in messages. */
export function contentPlace(target: string, { digest }: Pick<Descriptor, "digest">): string {
  return `${target}@${digest}`;
}
