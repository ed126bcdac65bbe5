// Looks up paths as they will be when a package, which is still in another directory, is in its final place.

import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { decodeFileName, encodeFileName, fileSystemPath } from "@spack-oci/files";

/** The bytes of a path, one per character. */
type Path = string;

/** What was found at a path without links in its parents. */
export type Found =
  | { readonly type: "directory" }
  | { readonly type: "other" }
  | { readonly type: "link"; readonly target: Path };

/** Looks up a path below a package's prefix; `""` is the prefix itself. */
export type LookUpOwn = (path: Buffer) => Found | undefined;

/** What is on disk in a package's directory. */
export function lookUpIn(directory: string): LookUpOwn {
  const start = encodeFileName(directory);
  return (path) => find(Buffer.concat([start, path]));
}

/** Links that one path may lead through, as on Linux. */
const MAX_LINKS = 40;

/**
 * Follows components one by one, as the kernel does, because links to the package's final place do not resolve yet, and
 * `..` after a link leads to the parent of the link's target.
 */
export class PathsInPlace {
  readonly #lookUpOwn: LookUpOwn;
  readonly #named: Path;
  /** The final place with the links in its parents resolved. */
  #own: Path | undefined;
  readonly #finalPrefix: string;
  /** Answers are remembered because paths repeat, and their beginnings even more. */
  readonly #answers = new Map<Path, boolean>();
  readonly #found = new Map<Path, Found | undefined>();

  /** @param finalPrefix where the package will be */
  constructor(lookUpOwn: LookUpOwn, finalPrefix: string) {
    this.#lookUpOwn = lookUpOwn;
    this.#named = latin1(encodeFileName(finalPrefix));
    this.#finalPrefix = finalPrefix;
  }

  /** Whether something is at an absolute path, even a dangling link (Python: `os.path.lexists`). */
  exists(path: Buffer): boolean {
    const key = latin1(path);
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#follow(key);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  #follow(path: Path): boolean {
    let [place, left] = this.#startOf(path);
    let links = 0;
    for (let component = left.shift(); component !== undefined; component = left.shift()) {
      if (component === ".") continue;
      if (component === "..") {
        place = place.slice(0, Math.max(0, place.lastIndexOf("/")));
        continue;
      }
      const next = `${place}/${component}`;
      const found = this.#lookUp(next);
      if (found === undefined || left.length === 0) return found !== undefined;
      if (found.type === "other") return false;
      if (found.type === "directory") {
        place = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return false;
      const rest = left;
      if (found.target.startsWith("/")) [place, left] = this.#startOf(found.target);
      else left = componentsOf(found.target);
      left.push(...rest);
    }
    return true;
  }

  /** Where to begin with an absolute path, and the rest of it. The package's final place need not exist yet. */
  #startOf(path: Path): [place: Path, left: Path[]] {
    const isOwn = path === this.#named || path.startsWith(`${this.#named}/`);
    return isOwn
      ? [this.#ownPlace(), componentsOf(path.slice(this.#named.length))]
      : ["", componentsOf(path)];
  }

  #lookUp(place: Path): Found | undefined {
    if (this.#found.has(place)) return this.#found.get(place);
    const own = this.#ownPlace();
    const isOwn = place === own || place.startsWith(`${own}/`);
    const rest = Buffer.from(isOwn ? place.slice(own.length) : place, "latin1");
    const found = isOwn ? this.#lookUpOwn(rest) : find(rest);
    this.#found.set(place, found);
    return found;
  }

  #ownPlace(): Path {
    this.#own ??= withoutLinks(this.#finalPrefix);
    return this.#own;
  }
}

function latin1(bytes: Buffer): Path {
  return bytes.toString("latin1");
}

/** The names in a path. A trailing slash is a `.`, so that a link before it is followed. */
function componentsOf(path: Path): Path[] {
  const names = path.split("/").filter((name) => name !== "");
  return path.endsWith("/") ? [...names, "."] : names;
}

function withoutLinks(path: string): Path {
  const bytes = encodeFileName(path);
  const slash = bytes.lastIndexOf("/");
  const parent = fileSystemPath(decodeFileName(bytes.subarray(0, slash)) || "/");
  const real = unlessMissing(() => realpathSync.native(parent, "buffer"));
  return real === undefined
    ? latin1(bytes)
    : `${latin1(real).replace(/\/$/, "")}${latin1(bytes.subarray(slash))}`;
}

function find(path: Buffer): Found | undefined {
  return unlessMissing(() => {
    const status = lstatSync(path);
    if (status.isSymbolicLink())
      return { type: "link", target: latin1(readlinkSync(path, { encoding: "buffer" })) };
    return { type: status.isDirectory() ? "directory" : "other" };
  });
}

function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"].includes(code)) return undefined;
    throw error;
  }
}
