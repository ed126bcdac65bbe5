// Sends a blob into a session, and into another one as often as that may help (distribution specification, "Pushing blobs").
import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { ConnectionError } from "../http/connection-error.js";
import { StatusError } from "../http/status-error.js";
import type { BodyFactory, PushOptions } from "../target/target.js";
import { isPassing } from "../transport/retry.js";
import { isKnownBlob } from "./blobs.js";
import { putInChunks } from "./chunked-upload.js";
import { countBytes } from "./count-bytes.js";
import { finishSession } from "./fill-session.js";
import type { Repository } from "./repository.js";
import { findSession, uploadName } from "./resume-upload.js";
import { tooSlow } from "./upload-limits.js";
import { openSession, type UploadSession } from "./upload-session.js";

/**
 * Sends a blob; each new attempt opens a new session, because a broken one is not to be trusted (lesson 7), unless the
 * registry says how much of a blob in chunks it holds. A host that refuses it whole is tried in chunks, and the other way
 * round (lesson 25).
 */
export async function uploadBlob(
  repository: Repository,
  descriptor: Descriptor,
  body: BodyFactory,
  options: PushOptions,
  openedSession?: UploadSession,
): Promise<void> {
  const { habits, client } = repository;
  const { retry } = client;
  let inChunks = habits.inChunks;
  let isLasting = false;
  let session = openedSession;
  for (let failures = 1; ; failures += 1) {
    const left = inChunks ? await findSession(repository, descriptor, options) : undefined;
    session = left ?? session ?? (await openSession(repository, descriptor, options));
    const started = retry.now();
    const counter = countBytes(options.onBytes);
    try {
      const put = inChunks ? putInChunks : putWhole;
      await put(repository, session, descriptor, body, { ...options, onBytes: counter.onBytes });
      if (isLasting) habits.inChunks = inChunks;
      return;
    } catch (error) {
      counter.takeBack();
      const slow = tooSlow(repository, error, retry.now() - started);
      if (slow !== undefined) throw slow;
      // What was left is gone on with after a broken connection and an interruption; after all else it is not to be trusted.
      const mayGoOn = error instanceof ConnectionError || options.signal?.aborted === true;
      if (!mayGoOn) client.uploads.forget(uploadName(repository, descriptor));
      const isResumed = session.held > 0;
      if (failures >= retry.policy.attempts || !mayWorkInNewSession(error, failures, isResumed)) throw error;
      if (refusesThisWay(error)) {
        inChunks = !inChunks;
        // A 404 may be for this one session; anything else will be said of the next blob too.
        isLasting = !(error instanceof StatusError && error.status === 404);
      }
      await retry.pause(failures, options.signal);
      // The registry may have taken everything, and only its answer was lost.
      if (await isKnownBlob(repository, descriptor, options)) {
        options.onBytes?.(descriptor.size);
        return;
      }
    }
    session = undefined;
  }
}

async function putWhole(
  repository: Repository,
  session: UploadSession,
  descriptor: Descriptor,
  open: BodyFactory,
  options: PushOptions,
): Promise<void> {
  await finishSession(repository, session, descriptor, options, {
    // No Content-Range: some would take it for a chunk (lesson 26).
    headers: { "content-type": "application/octet-stream" },
    body: { open, size: descriptor.size, onBytes: options.onBytes },
  });
}

function mayWorkInNewSession(error: unknown, failures: number, isResumed: boolean): boolean {
  if (error instanceof ConnectionError) return error.retryable;
  if (refusesThisWay(error)) return true;
  if (!(error instanceof StatusError)) return false;
  // Bytes that arrive wrong once were spoilt on the way; twice, they were wrong before. Those of another process do not count.
  if (error.kind === "corrupt") return failures === 1 || isResumed;
  return isPassing(error) || error.status === 416;
}

/** Whether the registry may take the blob in another way: whole instead of in chunks, or in chunks. */
function refusesThisWay(error: unknown): boolean {
  if (isSpackOciError(error) && error.code === "ERR_OCI_CHUNK_LOST") return true;
  return error instanceof StatusError && [404, 405, 411, 413, 501].includes(error.status);
}
