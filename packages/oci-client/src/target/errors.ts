// The errors that every kind of target has in common.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";

/** Says that a target has no such tag or content; kind `not-found`, code `ERR_OCI_NOT_FOUND`. */
export function notFound(target: string, what: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_OCI_NOT_FOUND", `${target} has no ${what}`, {
    kind: "not-found",
    place: `${target} ${what}`,
    cause,
    hint: "Check the name, and that it has been pushed there.",
  });
}

/** How messages name content within a target. */
export function contentPlace(target: string, { digest }: Pick<Descriptor, "digest">): string {
  return `${target}@${digest}`;
}
