// Asks a registry which manifests refer to another one (distribution specification, "Listing Referrers").

import type { Descriptor } from "../../content/descriptor.js";
import type { Digest } from "../../content/digest.js";
import { isImageIndex, parseManifest } from "../../content/manifest.js";
import { MEDIA_TYPES } from "../../content/media-types.js";
import type { HttpRequest, HttpResponse } from "../../http/http.js";
import { StatusError } from "../../http/status-error.js";
import { MAX_PAGE_SIZE } from "../../limits.js";
import type { RequestOptions } from "../../storage/target.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { badList, itemsOfPages, type Page } from "./pages.js";

/** The answers of registries without the API; the specification asks for 404. */
const UNKNOWN_ENDPOINT_STATUSES: readonly number[] = [400, 404, 405, 406, 501];

/** The referrers of a manifest; undefined if the registry has no such API. */
export async function listReferrers(
  repository: Repository,
  subject: Digest,
  { signal }: RequestOptions,
): Promise<readonly Descriptor[] | undefined> {
  const base = {
    ...requestFor(repository, { reference: subject, actions: ["pull"], signal }),
    method: "GET",
    headers: { accept: MEDIA_TYPES.ociIndex },
    limit: MAX_PAGE_SIZE,
  } as const;
  const list = {
    repository,
    name: "referrers",
    first: repositoryUrl(repository, `referrers/${subject}`),
    fetchPage: (url: string) => fetchPage(repository, { ...base, url }),
  };
  const found: Descriptor[] = [];
  try {
    for await (const referrer of itemsOfPages(list)) found.push(referrer);
  } catch (error) {
    const hasNoApi = error instanceof StatusError && UNKNOWN_ENDPOINT_STATUSES.includes(error.status);
    if (hasNoApi && found.length === 0) return undefined;
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
  throw badList({ repository, name: "referrers" }, "an answer is not an image index");
}
