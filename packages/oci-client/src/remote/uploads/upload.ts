// Sends a blob into a session, and into new ones while that may help (distribution specification, "Pushing blobs").

import { isSpackOciError } from "@spack-oci/errors";
import { ConnectionError } from "../../http/connection-error.js";
import { StatusError } from "../../http/status-error.js";
import { isTemporary } from "../../transport/retry.js";
import { isKnownBlob } from "../downloads/blobs.js";
import type { Push } from "../requests/repository.js";
import { putInChunks } from "./chunked-upload.js";
import { countBytes } from "./count-bytes.js";
import { findSession, uploadName } from "./resume-upload.js";
import { tooSlow } from "./upload-limits.js";
import { finishSession, openSession, type UploadSession } from "./upload-session.js";

/** The statuses by which registries reject the way of sending: in chunks, or whole. */
const WRONG_WAY_STATUSES: readonly number[] = [404, 405, 411, 413, 501];

/**
 * Sends a blob. Each attempt opens a new session, because a broken one cannot be trusted, unless the registry reports
 * how much of a blob in chunks it has. If a host rejects the blob whole, it is sent in chunks, and the other way round.
 */
export async function uploadBlob(push: Push, openedSession?: UploadSession): Promise<void> {
  const { repository, descriptor, options } = push;
  const { learned, client } = repository;
  const { retry } = client;
  let inChunks = learned.uploads.inChunks;
  let isLasting = false;
  let session = openedSession;
  for (let failures = 1; ; failures += 1) {
    const left = inChunks ? await findSession(repository, descriptor, options) : undefined;
    session = left ?? session ?? (await openSession(repository, descriptor, options));
    const started = retry.now();
    const counter = countBytes(options.onBytes);
    try {
      const put = inChunks ? putInChunks : putWhole;
      await put({ ...push, options: { ...options, onBytes: counter.onBytes } }, session);
      if (isLasting) learned.uploads.inChunks = inChunks;
      return;
    } catch (error) {
      counter.takeBack();
      const slow = tooSlow(repository, error, retry.now() - started);
      if (slow !== undefined) throw slow;
      // A session can be continued after a broken connection or an interruption; after anything else it is not trusted.
      const mayContinue = error instanceof ConnectionError || options.signal?.aborted === true;
      if (!mayContinue) client.uploads.forget(uploadName(repository, descriptor));
      const isResumed = session.held > 0;
      if (failures >= retry.policy.attempts) throw error;
      if (!mayWorkInNewSession(error, { failures, isResumed })) throw error;
      if (rejectsThisWay(error)) {
        inChunks = !inChunks;
        // A 404 may be about this session only; all other answers apply to the next blob too.
        isLasting = !(error instanceof StatusError && error.status === 404);
      }
      await retry.pause(failures, options.signal);
      // The registry may have received everything, and only its answer was lost.
      if (await isKnownBlob(repository, descriptor, options)) {
        options.onBytes?.(descriptor.size);
        return;
      }
    }
    session = undefined;
  }
}

async function putWhole(push: Push, session: UploadSession): Promise<void> {
  const { descriptor, body, options } = push;
  await finishSession(push, session, {
    // No Content-Range: with one, some registries take the body for a chunk.
    headers: { "content-type": "application/octet-stream" },
    body: { open: body, size: descriptor.size, onBytes: options.onBytes },
  });
}

/** What has been tried. */
interface Tried {
  readonly failures: number;
  /** Whether the session held bytes that another attempt or process had sent. */
  readonly isResumed: boolean;
}

function mayWorkInNewSession(error: unknown, { failures, isResumed }: Tried): boolean {
  if (error instanceof ConnectionError) return error.retryable;
  if (rejectsThisWay(error)) return true;
  if (!(error instanceof StatusError)) return false;
  // Bytes that arrive wrong once were damaged on the way; twice, they were wrong before. A resumed session does not
  // count.
  if (error.kind === "corrupt") return failures === 1 || isResumed;
  return isTemporary(error) || error.status === 416;
}

/** Whether the registry may accept the blob in the other way: whole instead of in chunks, or in chunks. */
function rejectsThisWay(error: unknown): boolean {
  if (isSpackOciError(error) && error.code === "ERR_OCI_CHUNK_LOST") return true;
  return error instanceof StatusError && WRONG_WAY_STATUSES.includes(error.status);
}
