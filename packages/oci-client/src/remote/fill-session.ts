// What an upload session is told and asked as it fills: how much it holds, where it goes on, and that this was all.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/http.js";
import type { RequestOptions } from "../target/target.js";
import { confirmBlob } from "./confirm-blob.js";
import { parseUploadedRange } from "./content-range.js";
import { expectStatus, placeOf, type Repository } from "./repository.js";
import { appendDigest, readSession, sessionRequest, type UploadSession } from "./upload-session.js";

/**
 * The registry says how much it holds; less than what was sent means that it drops chunks (lesson 6).
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_CHUNK_LOST`, when it does not keep them.
 */
export function checkProgress(
  repository: Repository,
  response: HttpResponse,
  digest: Digest,
  sent: number,
): void {
  const held = parseUploadedRange(headerOf(response, "range"));
  // A range that starts later is that of the last chunk alone (lesson 27), and says nothing about the whole.
  if (held === undefined || held === sent) return;
  const place = placeOf(repository, digest);
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

/** The session as the answer to a PATCH names it, or as it was where that says nothing. */
export async function sessionAfter(
  repository: Repository,
  session: UploadSession,
  response: HttpResponse,
): Promise<UploadSession> {
  return headerOf(response, "location") === undefined ? session : readSession(repository, response);
}

/** Says that the session has all of a blob, or sends all of it, and makes sure that it is there. */
export async function finishSession(
  repository: Repository,
  session: UploadSession,
  descriptor: Descriptor,
  options: RequestOptions,
  content: Pick<HttpRequest, "headers" | "body"> = {},
): Promise<void> {
  const request: HttpRequest = {
    ...sessionRequest(repository, session, descriptor, options),
    method: "PUT",
    url: appendDigest(session.url, descriptor.digest),
    ...content,
  };
  await confirmBlob(repository, await expectStatus(repository, request, 201, 204), descriptor, options);
}
