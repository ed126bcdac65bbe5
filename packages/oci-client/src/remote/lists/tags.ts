// Lists tags (distribution specification, "Listing Tags").

import { isRecord, parseJsonOrUndefined } from "../../content/json.js";
import type { HttpRequest, HttpResponse } from "../../http/http.js";
import { StatusError } from "../../http/status-error.js";
import { MAX_PAGE_SIZE } from "../../limits.js";
import type { RequestOptions } from "../../storage/target.js";
import { baseUrl, type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { badList, itemsOfPages, type Page } from "./pages.js";

/** Tags per page; some registries reject more. */
const PAGE_SIZE = 1000;

/** The hosts that rejected this page size, for as long as the process runs; they choose their own. */
const hostsWithOwnPageSize = new Set<string>();

/** All tags in the registry's order. */
export function listTags(repository: Repository, { signal }: RequestOptions): AsyncGenerator<string> {
  const base = {
    ...requestFor(repository, { actions: ["pull"], signal }),
    method: "GET",
    limit: MAX_PAGE_SIZE,
  } as const;
  const bare = repositoryUrl(repository, "tags/list");
  const sized = `${bare}?n=${PAGE_SIZE}`;
  const get = (url: string) => fetchPage(repository, { ...base, url });
  return itemsOfPages({
    repository,
    name: "tags",
    first: hostsWithOwnPageSize.has(baseUrl(repository)) ? bare : sized,
    fetchPage: (url) => (url === sized ? withoutSizeIfRejected(repository, { sized, bare, get }) : get(url)),
  });
}

/** The first page of a list: its URL with a page size and without one. */
interface FirstPage {
  readonly sized: string;
  readonly bare: string;
  readonly get: (url: string) => Promise<Page<string>>;
}

/**
 * The page size is optional, and registries with a lower maximum reject it: distribution answers 400 with
 * PAGINATION_NUMBER_INVALID, others with codes of their own. A 400 with another cause repeats itself without the size.
 */
async function withoutSizeIfRejected(
  repository: Repository,
  { sized, bare, get }: FirstPage,
): Promise<Page<string>> {
  try {
    return await get(sized);
  } catch (error) {
    if (!(error instanceof StatusError) || error.status !== 400) throw error;
  }
  const page = await get(bare);
  hostsWithOwnPageSize.add(baseUrl(repository));
  return page;
}

function fetchPage(repository: Repository, request: HttpRequest): Promise<Page<string>> {
  return repository.client.retry.reread(async () => {
    const response = await expectStatus(repository, request, 200);
    return { items: readTags(repository, response), response };
  }, request.signal);
}

function readTags(repository: Repository, response: HttpResponse): string[] {
  const page = parseJsonOrUndefined(response.body.toString("utf8"));
  // Some registries write null for an empty list; an answer without the field is not a list.
  const tags = isRecord(page) && page["tags"] === null ? [] : isRecord(page) ? page["tags"] : undefined;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    throw badList({ repository, name: "tags" }, "an answer is not a list of tags");
  }
  return tags;
}
