// Lists tags (distribution specification, "Listing Tags").

import { isRecord, parseJsonOrUndefined } from "../../content/json.js";
import { type HttpRequest, type HttpResponse, MAX_LIST_SIZE } from "../../http/http.js";
import type { RequestOptions } from "../../storage/target.js";
import { type Repository, repositoryUrl, requestFor } from "../requests/repository.js";
import { expectStatus } from "../requests/send.js";
import { badList, itemsOfPages, type Page } from "./pages.js";

/** Tags per page; some registries reject more. */
const PAGE_SIZE = 1000;

/** All tags in the registry's order. */
export function listTags(repository: Repository, { signal }: RequestOptions): AsyncGenerator<string> {
  const base = {
    ...requestFor(repository, { actions: ["pull"], signal }),
    method: "GET",
    limit: MAX_LIST_SIZE,
  } as const;
  return itemsOfPages({
    repository,
    name: "tags",
    first: repositoryUrl(repository, `tags/list?n=${PAGE_SIZE}`),
    fetchPage: (url) => fetchPage(repository, { ...base, url }),
  });
}

function fetchPage(repository: Repository, request: HttpRequest): Promise<Page<string>> {
  return repository.client.retry.reread(async () => {
    const response = await expectStatus(repository, request, 200);
    return { items: readTags(repository, response), response };
  }, request.signal);
}

function readTags(repository: Repository, response: HttpResponse): string[] {
  const page = parseJsonOrUndefined(response.body.toString("utf8"));
  const tags = isRecord(page) ? (page["tags"] ?? []) : undefined;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    throw badList({ repository, name: "tags" }, "an answer is not a list of tags");
  }
  return tags;
}
