// What every request to a repository has in common: its URL, its token scope, and its place in messages.
import { type Action, repositoryScope } from "../auth/scope.js";
import { isDigest } from "../content/digest.js";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/http.js";
import { apiHost } from "../http/quirks.js";
import { statusError } from "../http/status-error.js";
import type { ContentProbe } from "../target/target.js";
import type { RegistryClient } from "../transport/client.js";
import type { UploadHabits } from "./upload-habits.js";

/** A repository on a registry, and the client that speaks to it. */
export interface Repository {
  readonly client: RegistryClient;
  /** Host with port, as the user wrote it. */
  readonly host: string;
  readonly scheme: "https" | "http";
  readonly repository: string;
  readonly habits: UploadHabits;
}

/** `https://host`, without a path. */
export function baseUrl({ scheme, host }: Repository): string {
  return `${scheme}://${apiHost(host)}`;
}

/** The URL of a path under `/v2/<repository>/`. */
export function repositoryUrl(repository: Repository, path: string): string {
  return `${baseUrl(repository)}/v2/${repository.repository}/${path}`;
}

/** How messages name a tag or digest of the repository, or the repository itself. */
export function placeOf({ host, repository }: Repository, reference?: string): string {
  if (reference === undefined) return `${host}/${repository}`;
  return `${host}/${repository}${isDigest(reference) ? "@" : ":"}${reference}`;
}

/** The part of a request that says where, about what, and with which rights. */
export function about(
  repository: Repository,
  reference: string | undefined,
  actions: readonly Action[],
  signal: AbortSignal | undefined,
): Pick<HttpRequest, "repository" | "scopes" | "place" | "signal"> {
  return {
    repository: repository.repository,
    scopes: [repositoryScope(repository.repository, ...actions)],
    place: placeOf(repository, reference),
    signal,
  };
}

/** Sends a request and insists on one of the given statuses. */
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
 * Asks by HEAD. A 403 to that explains nothing, and at GitHub's registry may mean a rate limit: the same is then asked
 * by GET, whose body says what is meant, and of which no more than the beginning is taken.
 */
export async function askByHead(
  repository: Repository,
  request: Omit<HttpRequest, "method">,
): Promise<HttpResponse> {
  const response = await repository.client.send({ ...request, method: "HEAD" });
  if (response.status !== 403) return response;
  const explained = await repository.client.send({ ...request, method: "GET", content: true });
  explained.stream?.destroy();
  return explained;
}

/** Whether what a request asks for is there, and how long it is. */
export async function probeByHead(
  repository: Repository,
  request: Omit<HttpRequest, "method">,
): Promise<ContentProbe | undefined> {
  const response = await askByHead(repository, request);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw statusError(response, { ...request, method: "HEAD" });
  const length = headerOf(response, "content-length");
  // An empty answer to a HEAD may be all that its sender knows of lengths.
  return { size: length === undefined || length === "0" ? undefined : Number(length) };
}
