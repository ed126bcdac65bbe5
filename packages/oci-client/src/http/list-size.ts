// Counts what a list that comes page by page has sent: one that would not end is rejected before it fills the memory.

import { SpackOciError } from "@spack-oci/errors";
import { ITEM_OVERHEAD, MAX_LIST_SIZE, MAX_PAGES, MAX_SPARSE_PAGES, MIN_ITEMS_PER_PAGE } from "../limits.js";

/** The error for a list that does not end; kind `corrupt`, code `ERR_OCI_ENDLESS_LIST`. */
export function endlessList(place: string, name: string): SpackOciError {
  return new SpackOciError("ERR_OCI_ENDLESS_LIST", `${place}: the list of ${name} does not end.`, {
    kind: "corrupt",
    place,
    hint: "Report this to the maintainers of the registry; its pages repeat or never end.",
  });
}

/** What has come of one list. */
export class ListSize {
  readonly #seen = new Set<string>();
  #items = 0;
  #bytes = 0;

  /** Whether a page may be requested: no page comes twice. */
  admits(url: string): boolean {
    const isEndless = this.#seen.size >= MAX_PAGES || this.#bytes > MAX_LIST_SIZE || this.#isSparse;
    if (isEndless || this.#seen.has(url)) return false;
    this.#seen.add(url);
    this.#bytes += url.length + ITEM_OVERHEAD;
    return true;
  }

  /** @param bytes length of the page */
  add(items: number, bytes: number): void {
    this.#items += items;
    this.#bytes += bytes + items * ITEM_OVERHEAD;
  }

  get #isSparse(): boolean {
    return this.#seen.size > MAX_SPARSE_PAGES + this.#items / MIN_ITEMS_PER_PAGE;
  }
}
