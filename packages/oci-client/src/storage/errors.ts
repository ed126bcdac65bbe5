// The errors that every kind of target has in common.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";

/** Says that a target has no such tag or content; kind `not-found`, code `ERR_OCI_NOT_FOUND`. */
export function notFound(target: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_NOT_FOUND", `${target} has no ${what}`, {
    kind: "not-found",
    place: `${target} ${what}`,
    cause,
    hint: "Check the name, and that it has been pushed there.",
  });
}

/** Says that a tag is not on what it was to be moved from; kind `conflict`, code `ERR_OCI_TAG_MOVED`. */
export function tagMoved(target: string, tag: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_TAG_MOVED", `${target}:${tag} was changed by somebody else`, {
    kind: "conflict",
    place: `${target}:${tag}`,
    cause,
    hint: "Look at what is there now, and do it again.",
  });
}

/** Whether a tag may be moved, being on `digest` or not there at all (`PushOptions.replacing`). */
export function mayReplace(digest: Digest | undefined, replacing: Digest | "nothing" | undefined): boolean {
  return replacing === undefined || replacing === (digest ?? "nothing");
}

/** How messages name content within a target. */
export function contentPlace(target: string, { digest }: Pick<Descriptor, "digest">): string {
  return `${target}@${digest}`;
}
