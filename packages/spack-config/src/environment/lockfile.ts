// The lock file of an environment, `spack.lock`, in formats 1 to 6.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  type Json,
  type JsonObject,
  optional,
  parseJson,
  parseSpec,
  type SpecGraph,
  textOf,
} from "@spack-oci/spack-spec";
import { linkConcreteSpecs } from "./link-concrete-specs.js";
import { readSpecFile } from "./spec-file.js";

/** A root of an environment: the requested spec, and the hash of the concrete one. */
export interface LockedRoot {
  /** The spec as Spack prints it. */
  readonly spec: string;
  readonly hash: string;
}

/** A parsed lock file. */
export interface Lockfile {
  /** The file. */
  readonly path: string;
  readonly roots: readonly LockedRoot[];
  /** The roots of included environments (`include_concrete`), by directory. */
  readonly included: ReadonlyMap<string, readonly LockedRoot[]>;
  /** The concrete specs of the roots and their dependencies, including those of included environments. */
  readonly graph: SpecGraph;
}

/** The specfile format of the nodes in each lock file format. */
const SPECFILE_VERSIONS: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 3],
  [5, 4],
  [6, 5],
]);

/** The path of the lock file of the environment in `directory`. */
export function lockfilePath(directory: string): string {
  return join(directory, "spack.lock");
}

/**
 * Reads the lock file of the environment in `directory`; undefined if there is none. Nothing is written, not even the
 * backup that Spack makes when it upgrades format 1.
 *
 * Source: `lib/spack/spack/environment/environment.py`, `Environment._read_lockfile_dict` and `filter_specs`. As there,
 * `file-type` and `specfile-version` are ignored, and a node's own hash takes precedence over its key.
 *
 * @throws SpackOciError `ERR_LOCKFILE_VERSION` for an unknown format, `ERR_LOCKFILE` for an invalid lock file.
 */
export function readLockfile(directory: string): Lockfile | undefined {
  const path = lockfilePath(directory);
  const text = readText(path);
  return text === undefined ? undefined : parseLockfile(text, path);
}

/**
 * Reads a lock file with any name.
 *
 * @throws SpackOciError `ERR_LOCKFILE_MISSING` if there is none, and like {@link readLockfile}.
 *
 * @example
 * ```ts
 * import { writeFileSync } from "node:fs";
 * import { openLockfile } from "@spack-oci/spack-config";
 *
 * const lockfile = { _meta: { "lockfile-version": 6 }, roots: [], concrete_specs: {} };
 * writeFileSync("spack.lock", JSON.stringify(lockfile));
 * console.log(openLockfile("spack.lock").roots.length); // 0
 * ```
 */
export function openLockfile(path: string): Lockfile {
  const text = readText(path);
  if (text !== undefined) return parseLockfile(text, path);
  throw new SpackOciError("ERR_LOCKFILE_MISSING", `The lock file ${path} does not exist.`, {
    kind: "usage",
    place: path,
    hint: "Give the spack.lock of an environment; `spack -e ENVIRONMENT concretize` writes it.",
  });
}

/** Reads the text of a lock file, named `path` in errors; throws like {@link readLockfile}. */
function parseLockfile(text: string, path: string): Lockfile {
  try {
    return readDocument(asObject(parseJson(text, { place: path }), "the lock file"), path);
  } catch (cause) {
    if (!(cause instanceof SpackOciError) || cause.code === "ERR_LOCKFILE_VERSION") throw cause;
    throw new SpackOciError("ERR_LOCKFILE", `${path} is not a valid lock file: ${cause.message}`, {
      kind: "corrupt",
      place: path,
      hint: "Restore it, or remove it and run `spack -e ENVIRONMENT concretize`.",
      cause,
    });
  }
}

function readDocument(document: JsonObject, path: string): Lockfile {
  const roots = readRoots(document);
  const nodes = asObject(document.get("concrete_specs"), "concrete_specs");
  const included = readIncluded(document.get("include_concrete"));
  const version = asNumber(
    asObject(document.get("_meta"), "_meta").get("lockfile-version"),
    "lockfile-version",
  );
  const specfileVersion = SPECFILE_VERSIONS.get(version);
  if (specfileVersion === undefined) throw unknownVersion(version, path);

  const own = linkConcreteSpecs(nodes, roots, specfileVersion);
  const others = linkConcreteSpecs(included.nodes, [...included.roots.values()].flat(), specfileVersion);
  return {
    path,
    roots: withHashes(roots, own.hashes),
    included: new Map([...included.roots].map(([name, each]) => [name, withHashes(each, others.hashes)])),
    graph: new Map([...others.graph, ...own.graph]),
  };
}

function readRoots(document: JsonObject): LockedRoot[] {
  return asArray(document.get("roots"), "roots").map((item) => {
    const root = asObject(item, "a root");
    return {
      spec: textOf(parseSpec(asString(root.get("spec"), "the spec of a root"), { readSpecFile })),
      hash: asString(root.get("hash"), "the hash of a root"),
    };
  });
}

interface Included {
  readonly roots: Map<string, LockedRoot[]>;
  readonly nodes: Map<string, Json>;
}

/** Included environments may include others; Spack lists the roots of all of them. */
function readIncluded(
  json: Json | undefined,
  found: Included = { roots: new Map(), nodes: new Map() },
): Included {
  for (const [name, item] of optional(json, (value) => asObject(value, "include_concrete")) ?? []) {
    const environment = asObject(item, `the included environment ${name}`);
    found.roots.set(name, [...(found.roots.get(name) ?? []), ...readRoots(environment)]);
    const nodes = optional(environment.get("concrete_specs"), (value) => asObject(value, "concrete_specs"));
    for (const [hash, node] of nodes ?? []) found.nodes.set(hash, node);
    readIncluded(environment.get("include_concrete"), found);
  }
  return found;
}

function withHashes(roots: readonly LockedRoot[], hashes: ReadonlyMap<string, string>): LockedRoot[] {
  return roots.map(({ spec, hash }) => ({ spec, hash: hashes.get(hash) ?? hash }));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new SpackOciError("ERR_LOCKFILE", `Could not read ${path}.`, {
      kind: "failed",
      place: path,
      cause,
    });
  }
}

function unknownVersion(version: number, path: string): SpackOciError {
  return new SpackOciError("ERR_LOCKFILE_VERSION", `${path}: lock file format ${version} is not supported.`, {
    kind: "unsupported",
    place: path,
    hint: `Formats 1 to ${SPECFILE_VERSIONS.size} are supported; this one may have been written by a newer Spack.`,
  });
}
