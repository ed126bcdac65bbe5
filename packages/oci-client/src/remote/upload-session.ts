// Upload sessions: where a registry wants a blob's bytes, as an address that is used as it was given.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf, type Digest, isDigest } from "../content/digest.js";
import { corruptContent } from "../content/verify.js";
import { ConnectionError } from "../http/connection-error.js";
import { resolveUrl } from "../http/follow.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf } from "../http/http.js";
import { brokenUploadHint } from "../http/quirks.js";
import type { RequestOptions } from "../target/target.js";
import { about, baseUrl, expectStatus, placeOf, type Repository, repositoryUrl } from "./repository.js";

/** An open session. */
export interface UploadSession {
  /** Absolute and opaque: its query is the registry's own state (lesson 3). */
  readonly url: string;
  /** The shortest chunk that the registry takes, in bytes, except for the last one. */
  readonly leastChunk: number;
  /** How many bytes of the blob the registry has already; none in a new session. */
  readonly held: number;
}

/** What is uploaded, for messages; nothing is known of a blob that is still being made. */
type Uploaded = Partial<Pick<Descriptor, "digest">>;

/** Opens a session; nothing is sent yet, so this is also where authentication happens. */
export async function openSession(
  repository: Repository,
  { digest }: Uploaded,
  { signal }: RequestOptions,
): Promise<UploadSession> {
  const request: HttpRequest = {
    ...about(repository, digest, ["pull", "push"], signal),
    method: "POST",
    url: repositoryUrl(repository, "blobs/uploads/"),
  };
  try {
    return await readSession(repository, await expectStatus(repository, request, 202));
  } catch (error) {
    throw withHint(error, brokenUploadHint(repository.host));
  }
}

/** The same connection error with a hint that knows the host better. */
export function withHint(error: unknown, hint: string | undefined): unknown {
  if (!(error instanceof ConnectionError) || hint === undefined) return error;
  const { message, place = "", cause, retryable } = error;
  return new ConnectionError(message, { place, cause, retryable, hint });
}

/** The session that an answer's Location names, relative to the URL that answered (lesson 2). */
export async function readSession(repository: Repository, response: HttpResponse): Promise<UploadSession> {
  const location = headerOf(response, "location");
  const place = placeOf(repository);
  try {
    if (location === undefined || location === "") throw new TypeError("there is no Location header");
    const url = resolveUrl(location, response.url);
    await repository.client.mayFollow(response.url, url, place);
    const least = Number(headerOf(response, "oci-chunk-min-length") ?? 0);
    return { url, leastChunk: Number.isSafeInteger(least) && least > 0 ? least : 0, held: 0 };
  } catch (cause) {
    if (cause instanceof SpackOciError) throw cause;
    throw new SpackOciError(
      "ERR_OCI_LOCATION_HEADER",
      `${place}: the registry opened an upload without an address`,
      {
        kind: "unreachable",
        place,
        cause,
        hint: "Check that the host is an OCI registry.",
      },
    );
  }
}

/** What every request to an open session has in common; a session on another host gets none of the user's secrets. */
export function sessionRequest(
  repository: Repository,
  session: UploadSession,
  { digest }: Uploaded,
  { signal }: RequestOptions,
) {
  return {
    ...about(repository, digest, ["pull", "push"], signal),
    repeatable: false,
    freshToken: true,
    foreign: originOf(session.url) !== originOf(baseUrl(repository)),
  };
}

/** Makes sure that the registry stored what it was sent, where it says. */
export function checkStored(response: HttpResponse, digest: Digest, place: string): void {
  const stored = headerOf(response, "docker-content-digest");
  if (isDigest(stored) && algorithmOf(stored) === algorithmOf(digest) && stored !== digest) {
    throw corruptContent(place, `the registry stored ${stored}, expected ${digest}`);
  }
}

/** Appends the digest to a session's URL as text; taking its query apart would lose what the registry put there. */
export function appendDigest(url: string, digest: Digest): string {
  return `${url}${url.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}
