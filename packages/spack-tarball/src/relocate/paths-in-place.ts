// Looks up paths as they will be when a package, which is still in another directory, is in its final place.

import { decodeFileName, encodeFileName, fileSystemPath, lstat, readlink, realpath } from "@spack-oci/files";

/** The bytes of a path, one per character. */
type Path = string;

/** What was found at a path without links in its parents. */
type Found =
  | { readonly type: "directory" }
  | { readonly type: "other" }
  | { readonly type: "link"; readonly target: Path };

/** Links that one path may lead through, as on Linux. */
const MAX_LINKS = 40;

/**
 * Follows components one by one, as the kernel does, because links to the package's final place do not resolve yet, and `..`
 * after a link leads to the parent of the link's target.
 */
export class PathsInPlace {
  readonly #directory: Buffer;
  readonly #named: Path;
  /** The final place with the links in its parents resolved. */
  readonly #own: Promise<Path>;
  /** Answers are remembered because paths repeat, and their beginnings even more. */
  readonly #answers = new Map<Path, Promise<boolean>>();
  readonly #found = new Map<Path, Promise<Found | undefined>>();

  /**
   * @param directory where the package is
   * @param finalPrefix where it will be
   */
  constructor(directory: string, finalPrefix: string) {
    this.#directory = encodeFileName(directory);
    this.#named = latin1(encodeFileName(finalPrefix));
    this.#own = withoutLinks(finalPrefix);
  }

  /** Whether something is at an absolute path, even a dangling link (Python: `os.path.lexists`). */
  exists(path: Buffer): Promise<boolean> {
    const key = latin1(path);
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#follow(key);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  async #follow(path: Path): Promise<boolean> {
    let [place, left] = await this.#startOf(path);
    let links = 0;
    for (let component = left.shift(); component !== undefined; component = left.shift()) {
      if (component === ".") continue;
      if (component === "..") {
        place = place.slice(0, Math.max(0, place.lastIndexOf("/")));
        continue;
      }
      const next = `${place}/${component}`;
      const found = await this.#lookUp(next);
      if (found === undefined || left.length === 0) return found !== undefined;
      if (found.type === "other") return false;
      if (found.type === "directory") {
        place = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return false;
      const rest = left;
      if (found.target.startsWith("/")) [place, left] = await this.#startOf(found.target);
      else left = componentsOf(found.target);
      left.push(...rest);
    }
    return true;
  }

  /** Where to begin with an absolute path, and the rest of it. The package's final place need not exist yet. */
  async #startOf(path: Path): Promise<[place: Path, left: Path[]]> {
    const isOwn = path === this.#named || path.startsWith(`${this.#named}/`);
    return isOwn ? [await this.#own, componentsOf(path.slice(this.#named.length))] : ["", componentsOf(path)];
  }

  async #lookUp(place: Path): Promise<Found | undefined> {
    let found = this.#found.get(place);
    if (found === undefined) {
      const own = await this.#own;
      const isOwn = place === own || place.startsWith(`${own}/`);
      const rest = Buffer.from(isOwn ? place.slice(own.length) : place, "latin1");
      found = find(isOwn ? Buffer.concat([this.#directory, rest]) : rest);
      this.#found.set(place, found);
    }
    return found;
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

async function withoutLinks(path: string): Promise<Path> {
  const bytes = encodeFileName(path);
  const slash = bytes.lastIndexOf("/");
  const parent = fileSystemPath(decodeFileName(bytes.subarray(0, slash)) || "/");
  const real = await unlessMissing(() => realpath(parent, "buffer"));
  return real === undefined
    ? latin1(bytes)
    : `${latin1(real).replace(/\/$/, "")}${latin1(bytes.subarray(slash))}`;
}

function find(path: Buffer): Promise<Found | undefined> {
  return unlessMissing(async () => {
    const status = await lstat(path);
    if (status.isSymbolicLink())
      return { type: "link", target: latin1(await readlink(path, { encoding: "buffer" })) };
    return { type: status.isDirectory() ? "directory" : "other" };
  });
}

async function unlessMissing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG"].includes(code)) return undefined;
    throw error;
  }
}
