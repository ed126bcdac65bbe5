// Remote includes: copies in Spack's cache are used; nothing is fetched.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { hashText } from "@spack-oci/spack-spec";

import { normalizePath, splitUrl } from "../paths/canonicalize.js";
import { type PathContext, userCachePath } from "../paths/variables.js";

/**
 * The local path of an included file; for a URL, that of the copy in Spack's cache.
 *
 * Source: `lib/spack/spack/util/remote_file_cache.py`, `local_path`.
 *
 * @throws SpackOciError `ERR_CONFIG_INCLUDE_REMOTE` for a URL without a checksum, or one that Spack has not cached.
 */
export function localPath(path: string, sha256: string, context: PathContext): string {
  const url = splitUrl(path);
  if (url === undefined || url.scheme.length === 1) return path;
  if (url.scheme === "file") return normalizePath(path);
  if (!["http", "https", "ftp"].includes(url.scheme))
    throw notCached(path, `${url.scheme}: URLs are not supported`);
  if (sha256 === "") throw notCached(path, "URLs require a sha256");
  const file = join(userCachePath(context), "includes", sha256, basename(url.path));
  if (!existsSync(file)) throw notCached(path, `there is no copy at ${file}`);
  const actual = createHash("sha256").update(readFileSync(file)).digest("hex");
  if (actual !== sha256) throw notCached(path, `the sha256 of the copy at ${file} is ${actual}`);
  return file;
}

/**
 * The paths of an include in a git repository, in Spack's clone of it.
 *
 * Source: `lib/spack/spack/config.py`, `GitIncludePaths`.
 *
 * @throws SpackOciError `ERR_CONFIG_INCLUDE_REMOTE` if Spack has not cloned the repository.
 */
export function gitIncludePaths(
  repository: string,
  paths: readonly string[],
  context: PathContext,
): string[] {
  const clone = join(userCachePath(context), "includes", hashText(repository).slice(-7));
  if (!existsSync(join(clone, ".git"))) throw notCached(repository, `there is no clone at ${clone}`);
  return paths.map((path) => join(clone, path));
}

function notCached(place: string, reason: string): SpackOciError {
  return new SpackOciError("ERR_CONFIG_INCLUDE_REMOTE", `Could not include ${place}: ${reason}.`, {
    kind: "unsupported",
    place,
    hint: "Run `spack config get config` once to let Spack fetch it, or include a local path.",
  });
}
