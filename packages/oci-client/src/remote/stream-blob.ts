// Sends a blob while it is still being made, as `docker push` does: one PATCH of no stated length, and its digest afterwards.
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { type HttpRequest, headerOf } from "../http/http.js";
import type { BodyFactory, TransferOptions } from "../target/target.js";
import { isPassing } from "../transport/retry.js";
import { confirmBlob } from "./confirm-blob.js";
import { parseUploadedRange } from "./content-range.js";
import { countBytes } from "./count-bytes.js";
import { expectStatus, placeOf, type Repository } from "./repository.js";
import { appendDigest, openSession, readSession, sessionRequest } from "./upload-session.js";

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
  const held = parseUploadedRange(headerOf(sent, "range"));
  if (held !== undefined && held !== descriptor.size) throw notAllHeld(repository, held, descriptor);
  const session = headerOf(sent, "location") === undefined ? opened : await readSession(repository, sent);
  const finishing: HttpRequest = {
    ...sessionRequest(repository, session, descriptor, options),
    method: "PUT",
    url: appendDigest(session.url, descriptor.digest),
  };
  await confirmBlob(repository, await expectStatus(repository, finishing, 201, 204), descriptor, options);
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

function notAllHeld(repository: Repository, held: number, { digest, size }: Descriptor): SpackOciError {
  const place = placeOf(repository, digest);
  return new SpackOciError(
    "ERR_OCI_CHUNK_LOST",
    `${place}: the registry holds ${held} of ${size} bytes sent`,
    {
      kind: "unreachable",
      place,
      hint: "It is sent again, in one piece of known length.",
    },
  );
}
