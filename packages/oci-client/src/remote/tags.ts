// Lists tags page by page; a list that is cut short or goes in circles is an error, never a shorter list.
import { SpackOciError } from "@spack-oci/errors";
import { isRecord, parseJsonOrUndefined } from "../content/json.js";
import { resolveUrl } from "../http/follow.js";
import { type HttpRequest, type HttpResponse, headerOf, originOf } from "../http/http.js";
import { listLimit } from "../http/limits.js";
import type { RequestOptions } from "../target/target.js";
import { nextLink } from "./link.js";
import { about, expectStatus, placeOf, type Repository, repositoryUrl } from "./repository.js";

/** Tags per page; some registries refuse more (lesson 9). */
const pageSize = 1000;
/** A list longer than this is not believed. */
const mostPages = 100_000;

/** All tags in the registry's order (distribution specification, "Listing Tags"); `Link` is followed verbatim. */
export async function* listTags(repository: Repository, { signal }: RequestOptions): AsyncGenerator<string> {
  const base = {
    ...about(repository, undefined, ["pull"], signal),
    method: "GET",
    limit: listLimit,
  } as const;
  const seen = new Set<string>();
  let url: string | undefined = repositoryUrl(repository, `tags/list?n=${pageSize}`);
  while (url !== undefined) {
    if (seen.has(url) || seen.size === mostPages) throw badList(repository, "it does not end");
    seen.add(url);
    const { tags, response }: Page = await fetchPage(repository, { ...base, url });
    yield* tags;
    url = nextPage(repository, response, url);
  }
}

interface Page {
  readonly tags: string[];
  readonly response: HttpResponse;
}

function fetchPage(repository: Repository, request: HttpRequest): Promise<Page> {
  return repository.client.retry.reread(async () => {
    const response = await expectStatus(repository, request, 200);
    return { tags: readTags(repository, response), response };
  }, request.signal);
}

function readTags(repository: Repository, response: HttpResponse): string[] {
  const page = parseJsonOrUndefined(response.body.toString("utf8"));
  const tags = isRecord(page) ? (page["tags"] ?? []) : undefined;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === "string")) {
    throw badList(repository, "an answer is not a list of tags");
  }
  return tags;
}

function nextPage(repository: Repository, response: HttpResponse, current: string): string | undefined {
  const link = nextLink(headerOf(response, "link"));
  if (link === undefined) return undefined;
  let next: string;
  try {
    next = resolveUrl(link, current);
  } catch (cause) {
    throw badList(repository, "the link to its next page is malformed", cause);
  }
  if (originOf(next) !== originOf(current))
    throw badList(repository, `it goes on at another host, ${originOf(next)}`);
  return next;
}

function badList(repository: Repository, why: string, cause?: unknown): SpackOciError {
  const place = placeOf(repository);
  return new SpackOciError("ERR_OCI_TAG_LIST", `${place}: the list of tags cannot be used: ${why}`, {
    kind: "unreachable",
    place,
    cause,
    hint: "Report it to the registry's maintainers; a shortened list would look like missing packages.",
  });
}
