// Parses lists of packages to keep.

/** Just a DAG hash, as in Spack's own lists (Spack: cmd/buildcache.py, `prune --keeplist`). */
const HASH = /^[a-z2-7]{32}$/;

/**
 * The specs of a list: one per line, a hash with or without its slash; `#` starts a comment.
 *
 * @example
 * ```ts
 * import { parseKeepList } from "@spack-oci/buildcache";
 *
 * console.log(parseKeepList("# releases\nzlib@1.3\n\nhdf5+mpi\n")); // [ 'zlib@1.3', 'hdf5+mpi' ]
 * ```
 */
export function parseKeepList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => (HASH.test(line) ? `/${line}` : line));
}

/** The DAG hash if a spec is nothing but a hash; else undefined. */
export function wholeHash(spec: string): string | undefined {
  return spec.startsWith("/") && HASH.test(spec.slice(1)) ? spec.slice(1) : undefined;
}
