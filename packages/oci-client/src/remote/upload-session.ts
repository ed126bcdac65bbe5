// Upload sessions: where a registry wants a blob's bytes, as an address that is used as it was given.
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { resolveUrl } from "../http/follow.js";
import { type HttpResponse, headerOf } from "../http/http.js";
import type { RequestOptions } from "../target/target.js";
import { about, expectStatus, placeOf, type Repository, repositoryUrl } from "./repository.js";

/** An open session. */
export interface UploadSession {
  /** Absolute and opaque: its query is the registry's own state (lesson 3). */
  readonly url: string;
  /** The shortest chunk that the registry takes, in bytes, except for the last one. */
  readonly leastChunk: number;
}

/** Opens a session; nothing is sent yet, so this is also where authentication happens. */
export async function openSession(
  repository: Repository,
  { digest }: Descriptor,
  { signal }: RequestOptions,
): Promise<UploadSession> {
  const response = await expectStatus(
    repository,
    {
      ...about(repository, digest, ["pull", "push"], signal),
      method: "POST",
      url: repositoryUrl(repository, "blobs/uploads/"),
    },
    202,
  );
  return readSession(repository, response);
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
    return { url, leastChunk: Number.isSafeInteger(least) && least > 0 ? least : 0 };
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

/** Appends the digest to a session's URL as text; taking its query apart would lose what the registry put there. */
export function appendDigest(url: string, digest: Digest): string {
  return `${url}${url.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`;
}
