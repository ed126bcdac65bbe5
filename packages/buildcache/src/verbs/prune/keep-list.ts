// Reads lists of what is to be kept.

/** A DAG hash alone, as Spack's own lists have them (Spack: cmd/buildcache.py, `prune --keeplist`). */
const HASH = /^[a-z2-7]{32}$/;

/** The specs of a list: one a line, a hash with or without its slash; `#` begins a comment. */
export function parseKeepList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => (HASH.test(line) ? `/${line}` : line));
}

/** The DAG hash that a spec consists of; undefined for any other spec. */
export function wholeHash(spec: string): string | undefined {
  return spec.startsWith("/") && HASH.test(spec.slice(1)) ? spec.slice(1) : undefined;
}
