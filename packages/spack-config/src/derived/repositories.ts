// The package repositories that are configured, as far as they are on this machine.

import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { hashText } from "@spack-oci/spack-spec";
import type { Configuration } from "../configuration.js";
import { canonicalizePath } from "../paths/canonicalize.js";
import { type PathContext, userCachePath } from "../paths/variables.js";
import { readConfigFile } from "../yaml/read-file.js";
import { asString, type ConfigScalar, type ConfigValue, child } from "../yaml/value.js";

/** A package repository. */
export interface PackageRepository {
  readonly namespace: string;
  /** The directory with `repo.yaml`. */
  readonly directory: string;
  /** The directory of packages below it; empty for the directory itself. */
  readonly subdirectory: string;
  /** The version of the package API, such as `[2, 0]`. */
  readonly packageApi: readonly [number, number];
}

/** Lists the directories of the repositories in a clone. */
const REPOSITORY_INDEX = "spack-repo-index.yaml";

/**
 * The repositories in order. Those that Spack has not cloned yet, and directories without `repo.yaml`, are left out.
 *
 * Source: `lib/spack/spack/repo.py`, `RepoDescriptors` and `Repo`.
 *
 * @throws SpackOciError the errors of {@link Configuration.section}, `ERR_CONFIG_FILE` for an invalid `repo.yaml`.
 */
export function repositories(configuration: Configuration, paths: PathContext): PackageRepository[] {
  const section = configuration.section("repos");
  const written =
    section.kind === "map"
      ? [...section.entries.values()].map(({ value }) => value)
      : section.kind === "list"
        ? section.items
        : [];
  return written.flatMap((descriptor) => directoriesOf(descriptor, paths)).flatMap(readRepository);
}

function directoriesOf(descriptor: ConfigValue, paths: PathContext): string[] {
  if (descriptor.kind === "scalar") return [canonicalizePath(descriptor, paths)];
  const destination = child(descriptor, "destination");
  const clone =
    destination === undefined
      ? join(
          userCachePath(paths),
          "package_repos",
          hashText(asString(child(descriptor, "git")) ?? "").slice(-7),
        )
      : canonicalizePath(destination as ConfigScalar, paths);
  const index = readConfigFile(join(clone, REPOSITORY_INDEX));
  const listed = child(descriptor, "paths") ?? child(child(index, "repo_index"), "paths");
  const subdirectories = listed?.kind === "list" ? listed.items.map((item) => asString(item) ?? "") : [];
  return subdirectories.filter((path) => !isAbsolute(path)).map((path) => join(clone, path));
}

function readRepository(directory: string): PackageRepository[] {
  const file = join(directory, "repo.yaml");
  if (!existsSync(file)) return [];
  const repository = child(readConfigFile(file), "repo");
  const [major = 1, minor = 0] = (asString(child(repository, "api")) ?? "v1.0")
    .slice(1)
    .split(".")
    .map(Number);
  return [
    {
      namespace: asString(child(repository, "namespace")) ?? namespaceOf(directory),
      directory,
      subdirectory: asString(child(repository, "subdirectory")) ?? "packages",
      packageApi: [major, minor],
    },
  ];
}

/** Since version 2 of the package API, the namespace follows from the directory. */
function namespaceOf(directory: string): string {
  return directory.split("/spack_repo/").at(-1)?.replaceAll("/", ".") ?? "";
}
