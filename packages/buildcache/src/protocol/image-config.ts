// The config blob of a package's image: an OCI image configuration with Spack's keys added.

import { SpackOciError } from "@spack-oci/errors";
import { MEDIA_TYPES } from "@spack-oci/oci-client";
import {
  formatJson,
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
import { diffIdsIn, type RunnableConfigRequest, runnableConfig } from "./runnable-config.js";

/** The version of the buildcache's layout that is written, and the newest that is read (Spack 1.0 and later). */
const LAYOUT_VERSION = 3;

/** What goes into a config blob. */
export interface ImageConfigRequest
  extends PackageMembersRequest,
    Omit<RunnableConfigRequest, "architecture"> {}

/** What a package's image says of the package. */
interface PackageMembersRequest {
  readonly graph: SpecGraph;
  readonly node: SpecNode;
  /** The image's layers, the package's own last. */
  readonly layers: readonly PackageLayer[];
  readonly createdAt: Date;
}

/** The blob's text (OCI image specification, "Image Configuration": unknown keys are ignored). */
export function formatImageConfig(request: ImageConfigRequest): string {
  const architecture = ociArchitecture(request.node.architecture?.target ?? "");
  const runnable = runnableConfig({ ...request, architecture });
  return formatJson(new Map([...runnable, ...packageMembers(request)]));
}

/** Spack's own keys in Spack's order (Spack: binary_distribution.py, `extra_config`). */
function packageMembers({ graph, node, layers, createdAt }: PackageMembersRequest): JsonObject {
  const own = layers.at(-1);
  return object({
    spec: specDocumentToJson(graph, node).get("spec") ?? null,
    buildcache_layout_version: BigInt(LAYOUT_VERSION),
    ...Object.fromEntries(layerMembers(own, createdAt)),
  });
}

/** What Spack says of the package's own layer. */
function layerMembers(own: PackageLayer | undefined, createdAt: Date): JsonObject {
  return object({
    binary_cache_checksum: object({
      hash_algorithm: "sha256",
      hash: own?.descriptor.digest.replace("sha256:", "") ?? "",
    }),
    archive_size: BigInt(own?.descriptor.size ?? 0),
    archive_timestamp: timestamp(createdAt),
    archive_compression: own?.descriptor.mediaType === MEDIA_TYPES.ociLayerZstd ? "zstd" : "gzip",
  });
}

/**
 * A config whose package was packed again. Spacks of other versions have only some of these keys, and get no others.
 *
 * @param json the config as it was
 */
export function withRepackedLayer(json: JsonObject, own: PackageLayer, createdAt: Date): JsonObject {
  const known = [...layerMembers(own, createdAt)].filter(([key]) => json.has(key));
  return new Map([...json, ...known]);
}

/** What a reader needs of a config blob. */
export interface ImageConfig {
  /** All of it. */
  readonly json: JsonObject;
  readonly document: SpecDocument;
  /** Digests of all layers, uncompressed; the package's own is the last. */
  readonly diffIds: readonly string[];
  /** When the package's layer was packed; Spacks before 1.0 do not say it. */
  readonly packedAt: Date | undefined;
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
  const packedAt = new Date(String(json.get("archive_timestamp")));
  return {
    json,
    document: readSpecDocument(json),
    diffIds: diffIdsIn(json),
    packedAt: Number.isNaN(packedAt.getTime()) ? undefined : packedAt,
  };
}

/** Python's `datetime.isoformat()` of a time with a zone, in UTC. */
function timestamp(time: Date): string {
  return time.toISOString().replace("Z", "000+00:00");
}

function object(members: Record<string, Json>): JsonObject {
  return new Map(Object.entries(members));
}
