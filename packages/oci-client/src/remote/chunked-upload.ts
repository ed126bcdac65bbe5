// Sends a blob in chunks (specification, "Pushing a blob in chunks"): for hosts that refuse it whole.
import type { Descriptor } from "../content/descriptor.js";
import { corruptContent } from "../content/verify.js";
import type { HttpResponse } from "../http/http.js";
import { bodyOf } from "../target/bytes.js";
import type { BodyFactory, PushOptions } from "../target/target.js";
import { chunksOf, skipBytes } from "./chunks.js";
import { checkProgress, finishSession, sessionAfter } from "./fill-session.js";
import { expectStatus, placeOf, type Repository } from "./repository.js";
import { uploadName } from "./resume-upload.js";
import { sessionRequest, type UploadSession } from "./upload-session.js";

/** The longest chunk that every registry seen so far takes: 4 MiB (lesson 1). */
const chunkSize = 4 * 1024 * 1024;

/**
 * Sends a blob in chunks into an open session, from the byte on that the registry does not have; after each chunk it is
 * remembered where to go on.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_CHUNK_LOST`, when the registry does not keep them.
 */
export async function putInChunks(
  repository: Repository,
  opened: UploadSession,
  descriptor: Descriptor,
  open: BodyFactory,
  options: PushOptions,
): Promise<void> {
  const { uploads } = repository.client;
  const name = uploadName(repository, descriptor);
  let session = opened;
  let sent = opened.held;
  options.onBytes?.(sent);
  const body = skipBytes((await open()) as AsyncIterable<Uint8Array>, opened.held);
  for await (const chunk of chunksOf(body, Math.max(chunkSize, opened.leastChunk))) {
    const response = await patch(repository, session, descriptor, chunk, sent, options);
    sent += chunk.byteLength;
    checkProgress(repository, response, descriptor.digest, sent);
    session = await sessionAfter(repository, session, response);
    if (sent < descriptor.size) uploads.keep(name, session.url);
    options.onBytes?.(chunk.byteLength);
  }
  if (sent !== descriptor.size) {
    throw corruptContent(
      placeOf(repository, descriptor.digest),
      `the body has ${sent} bytes, expected ${descriptor.size}`,
    );
  }
  uploads.forget(name);
  await finishSession(repository, session, descriptor, options);
}

function patch(
  repository: Repository,
  session: UploadSession,
  descriptor: Descriptor,
  chunk: Buffer,
  start: number,
  options: PushOptions,
): Promise<HttpResponse> {
  const request = {
    ...sessionRequest(repository, session, descriptor, options),
    method: "PATCH" as const,
    url: session.url,
    headers: {
      "content-type": "application/octet-stream",
      "content-range": `${start}-${start + chunk.byteLength - 1}`,
    },
    body: { open: bodyOf(chunk), size: chunk.byteLength },
  };
  // Some answer 201 where the specification has 202 (lesson 5).
  return expectStatus(repository, request, 202, 201, 204);
}
