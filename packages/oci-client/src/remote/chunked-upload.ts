// Sends a blob in chunks (specification, "Pushing a blob in chunks"): for hosts that refuse it whole.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { corruptContent } from "../content/verify.js";
import { type HttpResponse, headerOf } from "../http/http.js";
import { bodyOf } from "../target/bytes.js";
import type { BodyFactory, PushOptions } from "../target/target.js";
import { chunksOf, skipBytes } from "./chunks.js";
import { confirmBlob } from "./confirm-blob.js";
import { parseUploadedRange } from "./content-range.js";
import { expectStatus, placeOf, type Repository } from "./repository.js";
import { uploadName } from "./resume-upload.js";
import { appendDigest, readSession, sessionRequest, type UploadSession } from "./upload-session.js";

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
    checkProgress(repository, response, descriptor, sent);
    session =
      headerOf(response, "location") === undefined ? session : await readSession(repository, response);
    if (sent < descriptor.size) uploads.keep(name, session.url);
    options.onBytes?.(chunk.byteLength);
  }
  if (sent !== descriptor.size) {
    throw corruptContent(
      placeOf(repository, descriptor.digest),
      `the body has ${sent} bytes, expected ${descriptor.size}`,
    );
  }
  const request = {
    ...sessionRequest(repository, session, descriptor, options),
    method: "PUT" as const,
    url: appendDigest(session.url, descriptor.digest),
  };
  uploads.forget(name);
  await confirmBlob(repository, await expectStatus(repository, request, 201, 204), descriptor, options);
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

/** The registry says how much it holds; less than what was sent means that it drops chunks (lesson 6). */
function checkProgress(
  repository: Repository,
  response: HttpResponse,
  descriptor: Descriptor,
  sent: number,
): void {
  const held = parseUploadedRange(headerOf(response, "range"));
  // A range that starts later is that of the last chunk alone (lesson 27), and says nothing about the whole.
  if (held === undefined || held === sent) return;
  const place = placeOf(repository, descriptor.digest);
  throw new SpackOciError(
    "ERR_OCI_CHUNK_LOST",
    `${place}: the registry holds ${held} of ${sent} bytes sent`,
    {
      kind: "unreachable",
      place,
      hint: "The registry does not take uploads in chunks, nor whole; push through another route.",
    },
  );
}
