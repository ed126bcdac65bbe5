// Parses lists of packages to keep.

/** Just a DAG hash, as in Spack's own lists (Spack: cmd/buildcache.py, `prune --keeplist`). */
const HASH = /^[a-z2-7]{32}$/;

/** The specs of a list: one per line, a hash with or without its slash; `#` starts a comment. */
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
