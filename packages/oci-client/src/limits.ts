// Every count and length that this package accepts from registries and layouts, far above what real ones have. What is
// beyond a limit is rejected before it is held in memory.

/** Bytes of an error or token answer. */
export const MAX_MESSAGE_SIZE: number = 1024 * 1024;

/** Bytes of a page of a list, far more than 1000 tags need. */
export const MAX_PAGE_SIZE: number = 8 * 1024 * 1024;

/** Pages of a list. */
export const MAX_PAGES = 20_000;

/** Pages of a list that need not have {@link MIN_ITEMS_PER_PAGE}. */
export const MAX_SPARSE_PAGES = 100;

/** Items on a page of a long list, on average; registries send 50 or more. */
export const MIN_ITEMS_PER_PAGE = 10;

/** Bytes of all pages of a list, each item counted with {@link ITEM_OVERHEAD}: about a million tags. */
export const MAX_LIST_SIZE: number = 128 * 1024 * 1024;

/** Bytes that an item of a list takes in memory beyond its own. */
export const ITEM_OVERHEAD = 64;

/** Bytes of a pushed manifest (distribution specification, "Pushing Manifests"). */
export const MAX_PUSHED_MANIFEST_SIZE: number = 4 * 1024 * 1024;

/** Bytes of a fetched manifest, more generous than for pushes. */
export const MAX_FETCHED_MANIFEST_SIZE: number = 8 * 1024 * 1024;

/** Bytes of a layout's index.json. A tag takes about 300. */
export const MAX_LAYOUT_INDEX_SIZE: number = 64 * 1024 * 1024;

/** Arrays, objects and commas of any JSON text, and one more for each {@link BYTES_PER_JSON_ITEM}. */
export const MAX_JSON_ITEMS = 100_000;

/** Bytes of JSON for each item beyond {@link MAX_JSON_ITEMS}. A descriptor takes 40 for each of its own. */
export const BYTES_PER_JSON_ITEM = 20;

/**
 * The longest minimum chunk of an upload in bytes, because a chunk is held in memory. Registries ask for 5 to 10 MiB.
 */
export const MAX_MIN_CHUNK: number = 64 * 1024 * 1024;

/** Redirects of one request. */
export const MAX_REDIRECTS = 10;

/** Challenges that one request answers. */
export const MAX_LOGIN_ROUNDS = 4;

/** Different warnings of registries that are reported. */
export const MAX_WARNINGS = 1000;

/** Characters of a credential helper's answer. */
export const MAX_HELPER_OUTPUT = 1_000_000;
