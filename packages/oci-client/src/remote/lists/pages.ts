// Lists that come page by page. A list that is cut short or loops is an error, never a shorter list.

import { SpackOciError } from "@spack-oci/errors";
import { resolveUrl } from "../../http/follow.js";
import { type HttpResponse, headerOf, originOf } from "../../http/http.js";
import { nextLink } from "../../http/link.js";
import { endlessList, ListSize } from "../../http/list-size.js";
import { describePlace, type Repository } from "../requests/repository.js";

/** A list, and how to read it. */
export interface PagedList<Item> {
  readonly repository: Repository;
  /** What the list holds, for messages: `tags`. */
  readonly name: string;
  /** The URL of the first page. */
  readonly first: string;
  readonly fetchPage: (url: string) => Promise<Page<Item>>;
}

/** The items of a page, and the answer that they came in. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly response: HttpResponse;
}

/**
 * All items of a list. `Link` headers are followed as they are: registries differ in their paging parameters.
 *
 * @throws SpackOciError of kind `unreachable`, code `ERR_OCI_TAG_LIST`, if the list cannot be used; as {@link
 *   endlessList} does if it does not end.
 */
export async function* itemsOfPages<Item>(list: PagedList<Item>): AsyncGenerator<Item> {
  const size = new ListSize();
  let url: string | undefined = list.first;
  while (url !== undefined) {
    if (!size.admits(url)) throw endlessList(describePlace(list.repository), list.name);
    const { items, response }: Page<Item> = await list.fetchPage(url);
    size.add(items.length, response.body.length);
    yield* items;
    url = nextPage(list, response, url);
  }
}

function nextPage(
  list: Pick<PagedList<unknown>, "repository" | "name">,
  response: HttpResponse,
  current: string,
): string | undefined {
  let next: string;
  try {
    const link = nextLink(headerOf(response, "link"));
    if (link === undefined) return undefined;
    next = resolveUrl(link, current);
  } catch (cause) {
    throw badList(list, "the link to its next page is malformed", cause);
  }
  if (originOf(next) !== originOf(current)) {
    throw badList(list, `it continues on another host, ${originOf(next)}`);
  }
  return next;
}

/** The error for a list that cannot be used; kind `unreachable`, code `ERR_OCI_TAG_LIST`. */
export function badList(
  { repository, name }: Pick<PagedList<unknown>, "repository" | "name">,
  why: string,
  cause?: unknown,
): SpackOciError {
  const place = describePlace(repository);
  return new SpackOciError("ERR_OCI_TAG_LIST", `${place}: cannot use the list of ${name}: ${why}.`, {
    kind: "unreachable",
    place,
    cause,
    hint: "Report this to the maintainers of the registry; a shortened list would look like missing packages.",
  });
}
