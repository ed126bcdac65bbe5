// Sends a blob while it is still being made, as `docker push` does: one PATCH of no stated length, and its digest afterwards.
import { isSpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { HttpRequest } from "../http/http.js";
import type { BodyFactory, TransferOptions } from "../target/target.js";
import { isPassing } from "../transport/retry.js";
import { countBytes } from "./count-bytes.js";
import { checkProgress, finishSession, sessionAfter } from "./fill-session.js";
import { expectStatus, type Repository } from "./repository.js";
import { openSession, sessionRequest } from "./upload-session.js";

/**
 * Tries it once. A repository that refused it is not tried again, nor one where it broke off twice: the usual way asks,
 * repeats and explains, and is what everything falls back on.
 *
 * @returns false where it did not work
 * @throws the signal's reason, and what `body` and `whole` throw
 */
export async function streamBlob(
  repository: Repository,
  body: BodyFactory,
  whole: Promise<Descriptor>,
  options: TransferOptions,
): Promise<boolean> {
  const { habits } = repository;
  if (habits.streamAttempts <= 0) return false;
  const counter = countBytes(options.onBytes);
  try {
    await sendUnfinished(repository, body, whole, { ...options, onBytes: counter.onBytes });
    return true;
  } catch (error) {
    counter.takeBack();
    options.signal?.throwIfAborted();
    if (!isSpackOciError(error)) throw error;
    habits.streamAttempts = isPassing(error) ? habits.streamAttempts - 1 : 0;
    return false;
  }
}

async function sendUnfinished(
  repository: Repository,
  open: BodyFactory,
  whole: Promise<Descriptor>,
  options: TransferOptions,
): Promise<void> {
  const opened = await openSession(repository, {}, options);
  const sending: HttpRequest = {
    ...sessionRequest(repository, opened, {}, options),
    method: "PATCH",
    url: opened.url,
    // No Content-Range: with one, it would be the first of many chunks, which are short (lesson 1).
    headers: { "content-type": "application/octet-stream" },
    body: { open, size: undefined, onBytes: options.onBytes },
  };
  // Some answer 201 where the specification has 202 (lesson 5).
  const sent = await expectStatus(repository, sending, 202, 201, 204);
  // It may have been answered long before the blob has an end.
  const descriptor = await unlessAborted(whole, options.signal);
  checkProgress(repository, sent, descriptor.digest, descriptor.size);
  const session = await sessionAfter(repository, opened, sent);
  await finishSession(repository, session, descriptor, options);
}

/** What a promise becomes, or the signal's reason where that comes first. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
