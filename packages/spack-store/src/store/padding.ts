// Pads the roots of stores, so that binaries can be relocated to longer paths.

const PLACEHOLDER = "__spack_path_placeholder__";

/**
 * Adds placeholder directories to `root` until it is `length` characters long, as `add_padding` of `spack/util/path.py`
 * does. A root that is long enough is returned unchanged; one that lacks a single character gets a slash.
 *
 * @example
 * ```ts
 * import { addPadding, withoutPadding } from "@spack-oci/spack-store";
 *
 * const root = addPadding("/opt/store", 64);
 * console.log(root.length); // 64
 * console.log(withoutPadding(root)); // /opt/store
 * ```
 */
export function addPadding(root: string, length: number): string {
  const missing = length - [...root].length;
  if (missing <= 0) return root;
  const step = PLACEHOLDER.length + 1;
  const whole = Array.from({ length: Math.floor((missing - 1) / step) }, () => PLACEHOLDER);
  const padding = [...whole, PLACEHOLDER.slice(0, (missing - 1) % step)].join("/");
  const separator = root === "" || root.endsWith("/") ? "" : "/";
  return root + separator + padding.replace(/\/$/, "_");
}

/**
 * Shortens padded paths in a text to `/root/[padded-to-N-chars]/...`, as `padding_filter` of `spack/util/path.py`.
 *
 * @example
 * ```ts
 * import { addPadding, filterPadding } from "@spack-oci/spack-store";
 *
 * console.log(filterPadding(`in ${addPadding("/opt/store", 64)}/zlib`)); // in /opt/store/[padded-to-64-chars]/zlib
 * ```
 */
export function filterPadding(text: string): string {
  return text.replace(
    PADDED_PATH,
    (match, before: string) => `${before}/[padded-to-${[...match].length}-chars]`,
  );
}

/** Whether `name` can be the last directory of padding: a part of the placeholder, possibly followed by `_`. */
export function isPaddingName(name: string): boolean {
  return name !== "" && (PLACEHOLDER.startsWith(name) || PLACEHOLDER.startsWith(name.replace(/_$/, "")));
}

/** The root of a store without its padding, as far as it is recognizable. */
export function withoutPadding(root: string): string {
  const start = root.indexOf(`/${PLACEHOLDER}`);
  return start < 0 ? root : root.slice(0, start) || "/";
}

/**
 * The padded root in a path; undefined without padding.
 *
 * @example
 * ```ts
 * import { addPadding, paddedRootIn } from "@spack-oci/spack-store";
 *
 * const root = addPadding("/opt/store", 64);
 * console.log(paddedRootIn(`${root}/zlib-1.3/lib`) === root, paddedRootIn("/opt/store/zlib-1.3")); // true undefined
 * ```
 */
export function paddedRootIn(path: string): string | undefined {
  PADDED_PATH.lastIndex = 0;
  return PADDED_PATH.exec(path)?.[0];
}

// Path components, one or more placeholders, the start of another one, and a further component.
const PLACEHOLDER_START = [...PLACEHOLDER].reduceRight((rest, character) => `${character}(?:${rest})?`, "");
const PADDED_PATH = new RegExp(
  `((?:/[^/\\s]*)*?)(?:/${PLACEHOLDER})+(?:/(?:${PLACEHOLDER_START}|${PLACEHOLDER_START}_))?(?=/)`,
  "g",
);
