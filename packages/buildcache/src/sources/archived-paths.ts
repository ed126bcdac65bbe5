// Resolves which paths of an archive are directories, through symbolic links, without unpacking it.

import { posix } from "node:path";

/** Linux follows at most this many links. */
const MAX_LINKS = 40;

/** The directories and symbolic links of an archive, by absolute path. */
export class ArchivedPaths {
  readonly #directories = new Set<string>(["/"]);
  readonly #links = new Map<string, string>();

  addDirectory(name: string): void {
    this.#directories.add(absolute(name));
  }

  addLink(name: string, target: string): void {
    this.#links.set(absolute(name), target);
  }

  /** Whether a path is a directory of the archive, or resolves to one. */
  isDirectory(path: string): boolean {
    let links = 0;
    let found = "/";
    const components = posix.normalize(path).split("/").filter(Boolean);
    for (let next = components.shift(); next !== undefined; next = components.shift()) {
      const here = posix.join(found, next);
      const target = this.#links.get(here);
      if (target === undefined) {
        found = here;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return false;
      components.unshift(...posix.resolve(found, target).split("/").filter(Boolean));
      found = "/";
    }
    return this.#directories.has(found);
  }
}

function absolute(name: string): string {
  return posix.join("/", name).replace(/\/+$/, "") || "/";
}
