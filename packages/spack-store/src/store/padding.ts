// Pads the roots of stores, so that binaries can be relocated to longer paths.

const PLACEHOLDER = "__spack_path_placeholder__";

/**
 * Adds placeholder directories to `root` until it is `length` characters long, as `add_padding` of `spack/util/path.py`
 * does. A root that is long enough is returned unchanged; one that lacks a single character gets a slash.
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

/** Shortens padded paths in a text to `/root/[padded-to-N-chars]/...`, as `padding_filter` of `spack/util/path.py`. */
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

/** The padded root in a path; undefined without padding. */
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
