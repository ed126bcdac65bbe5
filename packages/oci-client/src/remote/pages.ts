// Lists that come page by page; one that is cut short or goes in circles is an error, never a shorter list.
import { SpackOciError } from "@spack-oci/errors";
import { resolveUrl } from "../http/follow.js";
import { type HttpResponse, headerOf, originOf } from "../http/http.js";
import { nextLink } from "./link.js";
import { placeOf, type Repository } from "./repository.js";

/** A list longer than this is not believed. */
const mostPages = 100_000;

/** A page's items, and the answer that they came in. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly response: HttpResponse;
}

/** All items of a list; `Link` is followed verbatim (lesson 9). `list` names it in errors: `tags`. */
export async function* itemsOfPages<Item>(
  repository: Repository,
  list: string,
  first: string,
  fetchPage: (url: string) => Promise<Page<Item>>,
): AsyncGenerator<Item> {
  const seen = new Set<string>();
  let url: string | undefined = first;
  while (url !== undefined) {
    if (seen.has(url) || seen.size === mostPages) throw badList(repository, list, "it does not end");
    seen.add(url);
    const { items, response }: Page<Item> = await fetchPage(url);
    yield* items;
    url = nextPage(repository, list, response, url);
  }
}

function nextPage(
  repository: Repository,
  list: string,
  response: HttpResponse,
  current: string,
): string | undefined {
  const link = nextLink(headerOf(response, "link"));
  if (link === undefined) return undefined;
  let next: string;
  try {
    next = resolveUrl(link, current);
  } catch (cause) {
    throw badList(repository, list, "the link to its next page is malformed", cause);
  }
  if (originOf(next) !== originOf(current))
    throw badList(repository, list, `it goes on at another host, ${originOf(next)}`);
  return next;
}

/** Says that a list cannot be used; kind `unreachable`, code `ERR_OCI_TAG_LIST`. */
export function badList(repository: Repository, list: string, why: string, cause?: unknown): SpackOciError {
  const place = placeOf(repository);
  return new SpackOciError("ERR_OCI_TAG_LIST", `${place}: the list of ${list} cannot be used: ${why}`, {
    kind: "unreachable",
    place,
    cause,
    hint: "Report it to the registry's maintainers; a shortened list would look like missing packages.",
  });
}
