// Sends a blob while it is still being made, as `docker push` does: one PATCH of no stated length, and its digest afterwards.
import { isSpackOciError, SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { type HttpRequest, headerOf } from "../http/http.js";
import type { BodyFactory, TransferOptions } from "../target/target.js";
import { confirmBlob } from "./confirm-blob.js";
import { parseUploadedRange } from "./content-range.js";
import { countBytes } from "./count-bytes.js";
import { expectStatus, placeOf, type Repository } from "./repository.js";
import { appendDigest, openSession, readSession, sessionRequest } from "./upload-session.js";

/**
 * Tries it once. A repository where it did not work is not tried again: the usual way asks, repeats and explains, and is
 * what everything falls back on.
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
  if (!habits.streams) return false;
  const counter = countBytes(options.onBytes);
  try {
    await sendUnfinished(repository, body, whole, { ...options, onBytes: counter.onBytes });
    return true;
  } catch (error) {
    counter.takeBack();
    options.signal?.throwIfAborted();
    if (!isSpackOciError(error)) throw error;
    habits.streams = false;
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
  const descriptor = await whole;
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
