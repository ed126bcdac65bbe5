// Lists tags (distribution specification, "Listing Tags").
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import type { HttpRequest, HttpResponse } from "../http/http.js";
import { listLimit } from "../http/limits.js";
import type { RequestOptions } from "../target/target.js";
import { badList, itemsOfPages, type Page } from "./pages.js";
import { about, expectStatus, type Repository, repositoryUrl } from "./repository.js";

/** Tags per page; some registries refuse more (lesson 9). */
const pageSize = 1000;

/** All tags in the registry's order. */
export function listTags(repository: Repository, { signal }: RequestOptions): AsyncGenerator<string> {
  const base = {
    ...about(repository, undefined, ["pull"], signal),
    method: "GET",
    limit: listLimit,
  } as const;
  const first = repositoryUrl(repository, `tags/list?n=${pageSize}`);
  return itemsOfPages(repository, "tags", first, (url) => fetchPage(repository, { ...base, url }));
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
    throw badList(repository, "tags", "an answer is not a list of tags");
  }
  return tags;
}
