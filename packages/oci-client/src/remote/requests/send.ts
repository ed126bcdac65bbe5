// Sends the requests of a repository: with an expected status, or as a HEAD that must not stay unexplained.

import { contentLength } from "../../http/answer-headers.js";
import type { HttpRequest, HttpResponse } from "../../http/http.js";
import { statusError } from "../../http/status-error.js";
import type { ContentProbe } from "../../storage/target.js";
import type { Repository } from "./repository.js";

/**
 * Sends a request that must be answered with one of the given statuses.
 *
 * @throws StatusError for any other status.
 */
export async function expectStatus(
  repository: Repository,
  request: HttpRequest,
  ...statuses: number[]
): Promise<HttpResponse> {
  const response = await repository.client.send(request);
  if (statuses.includes(response.status)) return response;
  response.stream?.destroy();
  throw statusError(response, request);
}

/**
 * Sends a HEAD request. A 403 to it has no body that could tell a rate limit from a refusal, so the request is repeated
 * as a GET, of which only the beginning is read.
 */
export async function sendHead(
  repository: Repository,
  request: Omit<HttpRequest, "method">,
): Promise<HttpResponse> {
  const response = await repository.client.send({ ...request, method: "HEAD" });
  if (response.status !== 403) return response;
  const explained = await repository.client.send({ ...request, method: "GET", content: "streamed" });
  explained.stream?.destroy();
  return explained;
}

/** Whether the requested content exists, and its size. */
export async function probe(
  repository: Repository,
  request: Omit<HttpRequest, "method">,
): Promise<ContentProbe | undefined> {
  const response = await sendHead(repository, request);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw statusError(response, { ...request, method: "HEAD" });
  // Some servers send 0 in answers to HEAD if they do not know the length.
  return { size: contentLength(response, request.place) || undefined };
}
