// Sends a blob while it is still being made, as `docker push` does: one PATCH of unknown length, then the digest.

import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import type { HttpRequest } from "../../http/http.js";
import { onAbort } from "../../storage/on-abort.js";
import type { BodyFactory, TransferOptions } from "../../storage/target.js";
import { isTemporary } from "../../transport/retry.js";
import { describePlace, type Repository } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { countBytes } from "./count-bytes.js";
import { checkProgress, finishSession, openSession, sessionAfter, sessionRequest } from "./upload-session.js";

/** A blob that is still being made. */
export interface UnfinishedBlob {
  readonly body: BodyFactory;
  /** The blob's descriptor, known once the body has ended. */
  readonly whole: Promise<Descriptor>;
}

/**
 * Tries to stream a blob once. It is not tried again in a repository that rejected it, or where it broke off twice: a
 * regular push checks, retries and explains, and is what callers fall back on.
 *
 * @returns false if it did not work.
 * @throws The signal's reason, and what `body` and `whole` throw.
 */
export async function streamBlob(
  repository: Repository,
  blob: UnfinishedBlob,
  options: TransferOptions,
): Promise<boolean> {
  const { uploads } = repository.learned;
  if (uploads.streamAttempts <= 0) return false;
  const counter = countBytes(options.onBytes);
  try {
    await sendUnfinished(repository, blob, { ...options, onBytes: counter.onBytes });
    return true;
  } catch (error) {
    counter.takeBack();
    options.signal?.throwIfAborted();
    if (!isSpackOciError(error)) throw error;
    uploads.streamAttempts = isTemporary(error) ? uploads.streamAttempts - 1 : 0;
    return false;
  }
}

async function sendUnfinished(
  repository: Repository,
  { body, whole }: UnfinishedBlob,
  options: TransferOptions,
): Promise<void> {
  const { signal, onBytes } = options;
  const opened = await openSession(repository, {}, { signal });
  const sending: HttpRequest = {
    ...sessionRequest(repository, opened, { signal }),
    method: "PATCH",
    url: opened.url,
    // No Content-Range: with one, registries take the body for the first of many short chunks.
    headers: { "content-type": "application/octet-stream" },
    body: { open: body, size: undefined, onBytes },
  };
  // Some registries answer 201 or 204 instead of the specification's 202.
  const sent = await expectStatus(repository, sending, 202, 201, 204);
  // The answer may come long before the blob has an end.
  const descriptor = await unlessAborted(whole, signal);
  const place = describePlace(repository, descriptor.digest);
  checkProgress(sent, { place, sent: descriptor.size });
  const session = await sessionAfter(repository, opened, sent);
  await finishSession({ repository, descriptor, options }, session);
}

/** The value of a promise, or the signal's reason if that comes first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const release = onAbort(signal, () => reject(signal.reason));
    promise.then(resolve, reject).finally(release);
  });
}
