// Sends a blob in chunks (specification, "Pushing a blob in chunks"): for hosts that reject it whole.

import { corruptContent } from "../../content/verify.js";
import { minChunkLength } from "../../http/answer-headers.js";
import type { HttpResponse } from "../../http/http.js";
import { bodyOf } from "../../storage/bytes.js";
import { describePlace, type Push } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { chunksOf, skipBytes } from "./chunks.js";
import { uploadName } from "./resume-upload.js";
import {
  checkProgress,
  finishSession,
  sessionAfter,
  sessionRequest,
  type UploadSession,
} from "./upload-session.js";

/** The longest chunk that all registries seen so far accept: 4 MiB. */
const CHUNK_SIZE = 4 * 1024 * 1024;

/**
 * Sends a blob in chunks into an open session, from the first byte that the registry does not have. After each chunk,
 * the position is remembered for another process to continue.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_CHUNK_LOST`, if the registry drops chunks.
 */
export async function putInChunks(push: Push, opened: UploadSession): Promise<void> {
  const { repository, descriptor, options } = push;
  const { uploads } = repository.client;
  const name = uploadName(repository, descriptor);
  const place = describePlace(repository, descriptor.digest);
  // The last chunk may be shorter than the registry's minimum.
  const chunkSize = Math.max(CHUNK_SIZE, minChunkLength(opened.minChunk, place));
  let session = opened;
  let sent = opened.held;
  options.onBytes?.(sent);
  const body = skipBytes((await push.body()) as AsyncIterable<Uint8Array>, opened.held);
  for await (const chunk of chunksOf(body, chunkSize)) {
    const response = await patch(push, session, { chunk, start: sent });
    sent += chunk.byteLength;
    checkProgress(response, { place, sent });
    session = await sessionAfter(repository, session, response);
    if (sent < descriptor.size) uploads.keep(name, session.url);
    options.onBytes?.(chunk.byteLength);
  }
  if (sent !== descriptor.size) {
    throw corruptContent(place, `the body has ${sent} bytes, expected ${descriptor.size}`);
  }
  uploads.forget(name);
  await finishSession(push, session);
}

function patch(
  { repository, descriptor, options }: Push,
  session: UploadSession,
  { chunk, start }: { readonly chunk: Buffer; readonly start: number },
): Promise<HttpResponse> {
  const { digest } = descriptor;
  const request = {
    ...sessionRequest(repository, session, { digest, signal: options.signal }),
    method: "PATCH" as const,
    url: session.url,
    headers: {
      "content-type": "application/octet-stream",
      "content-range": `${start}-${start + chunk.byteLength - 1}`,
    },
    body: { open: bodyOf(chunk), size: chunk.byteLength },
  };
  // Some registries answer 201 or 204 instead of the specification's 202.
  return expectStatus(repository, request, 202, 201, 204);
}
