// The config blob of a package's image: an OCI image configuration with Spack's keys added.

import { SpackOciError } from "@spack-oci/errors";
import {
  formatJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  ociArchitecture,
  parseJson,
  readSpecDocument,
  type SpecDocument,
  type SpecGraph,
  type SpecNode,
  specDocumentToJson,
} from "@spack-oci/spack-store";
import type { PackageLayer } from "./package-layer.js";

/** The version of the buildcache's layout that is written, and the newest that is read (Spack 1.0 and later). */
const LAYOUT_VERSION = 3;

/** What goes into a config blob. */
export interface ImageConfigRequest {
  readonly graph: SpecGraph;
  readonly node: SpecNode;
  /** The image's layers, the package's own last. */
  readonly layers: readonly PackageLayer[];
  readonly createdAt: Date;
  /** Variables that the image runs with, as `NAME=VALUE`. */
  readonly environment: readonly string[];
  /** The config of the image below, of which everything is kept that a package's image does not have of its own. */
  readonly base?: JsonObject | undefined;
}

/**
 * The blob's text, with Spack's keys in Spack's order (Spack: binary_distribution.py, `_oci_put_manifest` and
 * `extra_config`; OCI image specification, "Image Configuration": unknown keys are ignored).
 */
export function formatImageConfig(request: ImageConfigRequest): string {
  const { graph, node, layers, createdAt, environment, base = emptyImage(node) } = request;
  const own = layers.at(-1);
  const diffIds = layers.map((layer) => layer.diffId);
  const changes = object({
    rootfs: changed(base.get("rootfs"), "diff_ids", (known) => [
      ...(isJsonArray(known) ? known : []),
      ...diffIds,
    ]),
    config: changed(base.get("config"), "Env", () => environment),
    spec: specDocumentToJson(graph, node).get("spec") ?? null,
    buildcache_layout_version: BigInt(LAYOUT_VERSION),
    binary_cache_checksum: object({
      hash_algorithm: "sha256",
      hash: own?.descriptor.digest.replace("sha256:", "") ?? "",
    }),
    archive_size: BigInt(own?.descriptor.size ?? 0),
    archive_timestamp: timestamp(createdAt),
    archive_compression: "gzip",
  });
  return formatJson(new Map([...base, ...changes]));
}

/** What an image is where there is none below (Spack: oci/oci.py, `default_config`). */
function emptyImage(node: SpecNode): JsonObject {
  return object({
    architecture: ociArchitecture(node.architecture?.target ?? ""),
    os: "linux",
    rootfs: object({ type: "layers", diff_ids: [] }),
    config: object({ Env: [] }),
  });
}

/** An object with one member changed, at its place; others keep theirs. */
function changed(
  value: Json | undefined,
  key: string,
  change: (known: Json | undefined) => Json,
): JsonObject {
  const members = new Map(isJsonObject(value) ? value : []);
  return members.set(key, change(members.get(key)));
}

/** What a reader needs of a config blob. */
export interface ImageConfig {
  readonly document: SpecDocument;
  /** Digest of the package's own layer, uncompressed. */
  readonly diffId: string | undefined;
}

/**
 * Reads the config of a package's image.
 *
 * @param place names the image in errors
 * @throws SpackOciError `ERR_NOT_A_PACKAGE` (`unsupported`) for an image that is no package, `ERR_LAYOUT_TOO_NEW`, and
 *   the errors of `parseJson` and `readSpecDocument`
 */
export function parseImageConfig(text: string, place: string): ImageConfig {
  const json = parseJson(text, { place });
  if (!isJsonObject(json) || !json.has("spec")) {
    throw new SpackOciError("ERR_NOT_A_PACKAGE", `${place} is an image, but no Spack package.`, {
      kind: "unsupported",
      place,
      hint: "Its config has no spec; somebody gave a package's tag to another image.",
    });
  }
  const version = Number(json.get("buildcache_layout_version") ?? 1);
  if (!(version <= LAYOUT_VERSION)) {
    throw new SpackOciError("ERR_LAYOUT_TOO_NEW", `${place} has buildcache layout ${version}.`, {
      kind: "unsupported",
      place,
      hint: `This program reads layouts up to ${LAYOUT_VERSION}; a newer release may read it.`,
    });
  }
  return { document: readSpecDocument(json), diffId: lastDiffId(json) };
}

function lastDiffId(config: JsonObject): string | undefined {
  const rootfs = config.get("rootfs");
  const diffIds = isJsonObject(rootfs) ? rootfs.get("diff_ids") : undefined;
  const last = Array.isArray(diffIds) ? diffIds.at(-1) : undefined;
  return typeof last === "string" ? last : undefined;
}

/** Python's `datetime.isoformat()` of a time with a zone, in UTC. */
function timestamp(time: Date): string {
  return time.toISOString().replace("Z", "000+00:00");
}

function object(members: Record<string, Json>): JsonObject {
  return new Map(Object.entries(members));
}
