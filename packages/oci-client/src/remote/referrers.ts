// Asks a registry which manifests refer to another (distribution specification, "Listing Referrers").
import type { Descriptor } from "../content/descriptor.js";
import type { Digest } from "../content/digest.js";
import { isImageIndex, parseManifest } from "../content/manifest.js";
import { mediaTypes } from "../content/media-types.js";
import type { HttpRequest, HttpResponse } from "../http/http.js";
import { listLimit } from "../http/limits.js";
import { StatusError } from "../http/status-error.js";
import type { RequestOptions } from "../target/target.js";
import { badList, itemsOfPages, type Page } from "./pages.js";
import { about, expectStatus, type Repository, repositoryUrl } from "./repository.js";

/** What registries answer that do not know the question; the specification has 404 for it. */
const unknownEndpoint = [400, 404, 405, 406, 501];

/** The referrers of a manifest; undefined where the registry has no such API. */
export async function listReferrers(
  repository: Repository,
  subject: Digest,
  { signal }: RequestOptions,
): Promise<readonly Descriptor[] | undefined> {
  const base = {
    ...about(repository, subject, ["pull"], signal),
    method: "GET",
    headers: { accept: mediaTypes.ociIndex },
    limit: listLimit,
  } as const;
  const first = repositoryUrl(repository, `referrers/${subject}`);
  const found: Descriptor[] = [];
  try {
    for await (const referrer of itemsOfPages(repository, "referrers", first, (url) =>
      fetchPage(repository, { ...base, url }),
    ))
      found.push(referrer);
  } catch (error) {
    if (error instanceof StatusError && unknownEndpoint.includes(error.status) && found.length === 0)
      return undefined;
    throw error;
  }
  return found;
}

function fetchPage(repository: Repository, request: HttpRequest): Promise<Page<Descriptor>> {
  return repository.client.retry.reread(async () => {
    const response = await expectStatus(repository, request, 200);
    return { items: readReferrers(repository, response, request.place), response };
  }, request.signal);
}

function readReferrers(repository: Repository, response: HttpResponse, place: string): readonly Descriptor[] {
  const index = parseManifest(response.body, place);
  if (isImageIndex(index)) return index.manifests;
  throw badList(repository, "referrers", "an answer is not an image index");
}
