// What a host is known not to take is told before it is sent, and after it was cut off, rather than tried six times.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { ConnectionError } from "../http/connection-error.js";
import { uploadLimits } from "../http/quirks.js";
import { placeOf, type Repository } from "./repository.js";
import { withHint } from "./upload-session.js";

/**
 * Refuses a blob that is larger than its host takes, by what the user set or is known of the host (lesson 4).
 *
 * @throws SpackOciError of kind `unsupported`, code `ERR_OCI_TOO_LARGE`.
 */
export function ensureFits(repository: Repository, { digest, size }: Descriptor): void {
  const { client, host } = repository;
  const most = client.hosts(host).largestBlob ?? uploadLimits(host).bytes ?? Number.POSITIVE_INFINITY;
  if (size <= most) return;
  const place = placeOf(repository, digest);
  throw new SpackOciError(
    "ERR_OCI_TOO_LARGE",
    `${place}: ${host} takes blobs of at most ${most} bytes, this has ${size}`,
    {
      kind: "unsupported",
      place,
      hint: `Push it to another registry; if ${host} takes more by now, set its "largestBlob" in registries.json.`,
    },
  );
}

/** The error of an upload that the host cut off because it took too long (lesson 4); undefined where it was not that. */
export function tooSlow({ host }: Repository, error: unknown, milliseconds: number): unknown {
  const most = uploadLimits(host).milliseconds ?? Number.POSITIVE_INFINITY;
  if (!(error instanceof ConnectionError) || milliseconds < most) return undefined;
  const hint = `${host} ends uploads after ${most / 60_000} minutes: push from a faster network, or fewer packages at once.`;
  return withHint(error, hint);
}
