// Reads and writes the file with the install trees of the buildcaches that a user pushes to.

import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { configDirectory, type Target } from "@spack-oci/oci-client";
import { formatIndentedJson, isJsonObject, type JsonObject, parseJson } from "@spack-oci/spack-spec";
import { isSameInstallTree } from "../install-tree/install-tree.js";
import type { RememberedInstallTree } from "../install-tree/resolve-install-tree.js";
import { treeFromJson, treeToJson } from "../install-tree/tree-annotations.js";
import { locationOf } from "../reuse/location-of.js";

/**
 * What the file at `SPACK_OCI_MIRRORS`, else `spack-oci/mirrors.json` in the user's configuration directory, records
 * for a buildcache: `{"mirrors": {LOCATION: {"installTree": {"root", "paddedLength", "projections"}}}}`.
 *
 * @returns undefined if there is no place for such a file
 */
export function rememberedInstallTree(
  environment: NodeJS.ProcessEnv,
  target: Target,
): RememberedInstallTree | undefined {
  const path = settingsPath(environment);
  if (path === undefined) return undefined;
  const key = locationOf(target);
  const place = `${path}, ${key}`;
  const read = () => {
    const entry = memberOf(memberOf(readSettings(path), "mirrors", path), key, path);
    const tree = entry.get("installTree");
    return tree === undefined ? undefined : treeFromJson(tree, place);
  };
  return {
    place: path,
    read,
    write(tree) {
      const known = read();
      if (known !== undefined && isSameInstallTree(known, tree)) return;
      const settings = readSettings(path);
      const mirrors = memberOf(settings, "mirrors", path);
      const entry = new Map([...memberOf(mirrors, key, path), ["installTree", treeToJson(tree)]]);
      writeSettings(path, new Map([...settings, ["mirrors", new Map([...mirrors, [key, entry]])]]));
    },
  };
}

function settingsPath(environment: NodeJS.ProcessEnv): string | undefined {
  const { SPACK_OCI_MIRRORS: named, XDG_CONFIG_HOME: configuration, HOME: home } = environment;
  if (named) return resolve(named);
  // Never creates a home directory.
  const hasPlace = configuration || (home && statSync(home, { throwIfNoEntry: false })?.isDirectory());
  return hasPlace ? join(configDirectory(environment), "spack-oci", "mirrors.json") : undefined;
}

function readSettings(path: string): JsonObject {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw malformed(path, "it cannot be read", error);
  }
  try {
    const value = parseJson(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    throw malformed(path, "it is not valid JSON", error);
  }
  throw malformed(path, "it is not a JSON object");
}

function memberOf(object: JsonObject, key: string, path: string): JsonObject {
  const value = object.get(key) ?? new Map();
  if (!isJsonObject(value)) throw malformed(path, `${key} is not an object`);
  return value;
}

/** Replaces the file atomically. */
function writeSettings(path: string, settings: JsonObject): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${formatIndentedJson(settings)}\n`);
  renameSync(temporary, path);
}

function malformed(path: string, why: string, cause?: unknown): SpackOciError {
  return new SpackOciError("ERR_MIRROR_SETTINGS", `${path} is malformed: ${why}.`, {
    kind: "usage",
    place: path,
    cause,
    hint: "See docs/install-tree.md for the format.",
  });
}
