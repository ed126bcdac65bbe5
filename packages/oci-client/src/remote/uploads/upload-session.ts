// Upload sessions: the address where a registry wants a blob's bytes. It is opaque and used exactly as given.

import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../../content/descriptor.js";
import type { Digest } from "../../content/digest.js";
import { ConnectionError } from "../../http/connection-error.js";
import { parseUploadedRange } from "../../http/content-range.js";
import { resolveUrl } from "../../http/follow.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf } from "../../http/http.js";
import type { RequestOptions } from "../../storage/target.js";
import {
  baseUrl,
  describePlace,
  type Push,
  type Repository,
  repositoryUrl,
  requestFor,
} from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { confirmBlob } from "./confirm-blob.js";

/** An open session. */
export interface UploadSession {
  /** Absolute; its query is the registry's own state. */
  readonly url: string;
  /** The OCI-Chunk-Min-Length header; only uploads in chunks need to understand it. */
  readonly minChunk: string | undefined;
  /** How many bytes of the blob the registry already has; 0 in a new session. */
  readonly held: number;
}

/** What is uploaded, for messages; a blob that is still being made has no digest. */
type Uploaded = Partial<Pick<Descriptor, "digest">>;

/** Opens a session. Nothing is sent yet, so this is also where authentication happens. */
export async function openSession(
  repository: Repository,
  { digest }: Uploaded,
  { signal }: RequestOptions,
): Promise<UploadSession> {
  const request: HttpRequest = {
    ...requestFor(repository, { reference: digest, actions: ["pull", "push"], signal }),
    method: "POST",
    url: repositoryUrl(repository, "blobs/uploads/"),
  };
  try {
    return await readSession(repository, await expectStatus(repository, request, 202));
  } catch (error) {
    throw withHint(error, repository.client.hosts(repository.host).known.brokenUploadHint);
  }
}

/** The same connection error with a more specific hint. */
export function withHint(error: unknown, hint: string | undefined): unknown {
  if (!(error instanceof ConnectionError) || hint === undefined) return error;
  const { message, place = "", cause, retryable } = error;
  return new ConnectionError(message, { place, cause, retryable, hint });
}

/**
 * The session in an answer's Location header, which may be relative to the URL that answered.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_LOCATION_HEADER`, if the header is missing or malformed.
 */
export async function readSession(repository: Repository, response: HttpResponse): Promise<UploadSession> {
  const location = headerOf(response, "location");
  const place = describePlace(repository);
  try {
    if (location === undefined || location === "") throw new TypeError("there is no Location header");
    const url = resolveUrl(location, response.url);
    await repository.client.mayFollow(response.url, url, place);
    return { url, minChunk: headerOf(response, "oci-chunk-min-length"), held: 0 };
  } catch (cause) {
    if (cause instanceof SpackOciError) throw cause;
    throw new SpackOciError(
      "ERR_OCI_LOCATION_HEADER",
      `${place}: the registry opened an upload without a usable address.`,
      {
        kind: "unreachable",
        place,
        cause,
        hint: "Check that the host is an OCI registry.",
      },
    );
  }
}

/** What all requests to an open session have in common; a session on another host gets none of the user's secrets. */
export function sessionRequest(
  repository: Repository,
  session: Pick<UploadSession, "url">,
  { digest, signal }: Uploaded & RequestOptions,
) {
  return {
    ...requestFor(repository, { reference: digest, actions: ["pull", "push"], signal }),
    repeatable: false,
    freshToken: true,
    foreign: originOf(session.url) !== originOf(baseUrl(repository)),
  };
}

/**
 * Compares the number of bytes that the registry reports with those sent; some drop chunks silently.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_CHUNK_LOST`, if bytes are missing.
 */
export function checkProgress(
  response: HttpResponse,
  { place, sent }: { readonly place: string; readonly sent: number },
): void {
  const held = parseUploadedRange(headerOf(response, "range"));
  // Some registries report the range of the last chunk alone, which says nothing about the whole.
  if (held === undefined || held === sent) return;
  throw new SpackOciError(
    "ERR_OCI_CHUNK_LOST",
    `${place}: the registry has only ${held} of ${sent} bytes sent.`,
    {
      kind: "unreachable",
      place,
      hint: "Push through another route; the registry accepts uploads neither in chunks nor whole.",
    },
  );
}

/** The session after a PATCH: as its answer says, else unchanged. */
export async function sessionAfter(
  repository: Repository,
  session: UploadSession,
  response: HttpResponse,
): Promise<UploadSession> {
  return headerOf(response, "location") === undefined ? session : readSession(repository, response);
}

/**
 * Ends a session, with the whole blob as `content` or after all of it was sent, and confirms that the blob is stored.
 */
export async function finishSession(
  push: Omit<Push, "body">,
  session: UploadSession,
  content: Pick<HttpRequest, "headers" | "body"> = {},
): Promise<void> {
  const { repository, descriptor, options } = push;
  const { digest } = descriptor;
  const request: HttpRequest = {
    ...sessionRequest(repository, session, { digest, signal: options.signal }),
    method: "PUT",
    url: appendDigest(session.url, digest),
    ...content,
  };
  await confirmBlob(push, await expectStatus(repository, request, 201, 204));
}

/** Appends the digest to a session's URL as text; parsing its query could change what the registry put there. */
function appendDigest(url: string, digest: Digest): string {
  return `${url}${url.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}
