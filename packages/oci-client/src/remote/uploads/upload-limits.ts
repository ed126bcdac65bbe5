// Known limits of a host are reported before a blob is sent, or once it was cut off, instead of after six attempts.

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import { ConnectionError } from "../../http/connection-error.js";
import { maxBlobSizeOf } from "../../quirks/host-profile.js";
import { describePlace, type Repository } from "../requests/repository.js";
import { withHint } from "./upload-session.js";

/**
 * Rejects a blob that is larger than its host accepts.
 *
 * @throws SpackOciError of kind `unsupported`, code `ERR_OCI_TOO_LARGE`.
 */
export function ensureFits(repository: Repository, { digest, size }: Descriptor): void {
  const { client, host } = repository;
  const max = maxBlobSizeOf(client.hosts(host));
  if (size <= max) return;
  const place = describePlace(repository, digest);
  throw new SpackOciError(
    "ERR_OCI_TOO_LARGE",
    `${place}: the blob has ${size} bytes, and ${host} accepts at most ${max}.`,
    {
      kind: "unsupported",
      place,
      hint: `Push to another registry. If ${host} has raised its limit, set "largestBlob" for it in registries.json.`,
    },
  );
}

/** The error for an upload that its host cut off because it took too long; undefined if that was not the cause. */
export function tooSlow({ client, host }: Repository, error: unknown, milliseconds: number): unknown {
  const max = client.hosts(host).known.maxUploadTime ?? Number.POSITIVE_INFINITY;
  if (!(error instanceof ConnectionError) || milliseconds < max) return undefined;
  const hint = `Push from a faster network, or fewer packages at once; ${host} ends uploads after ${max / 60_000} minutes.`;
  return withHint(error, hint);
}
