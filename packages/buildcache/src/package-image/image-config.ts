// Formats and parses the config blob of a package's image: an OCI image configuration with Spack's keys added.

import { SpackOciError } from "@spack-oci/errors";
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
} from "@spack-oci/spack-spec";
import { compressionOfMediaType, DEFAULT_COMPRESSION } from "@spack-oci/spack-tarball";
import type { PackageLayer } from "./package-layer.js";
import { diffIdsIn, type RunnableConfigRequest, runnableConfig } from "./runnable-config.js";

/** The buildcache layout version that is written, and the newest that is read (Spack 1.0 and later). */
export const LAYOUT_VERSION = 3;

/** The content of a config blob. */
export interface ImageConfigRequest
  extends PackageMembersRequest,
    Omit<RunnableConfigRequest, "architecture"> {}

/** What a package's image records about the package. */
interface PackageMembersRequest {
  readonly graph: SpecGraph;
  readonly node: SpecNode;
  /** The image's layers; the package's own comes last. */
  readonly layers: readonly PackageLayer[];
  readonly createdAt: Date;
}

/** The text of the blob (OCI image specification, "Image Configuration": unknown keys are ignored). */
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

/** What Spack records about the package's own layer. */
function layerMembers(own: PackageLayer | undefined, createdAt: Date): JsonObject {
  return object({
    binary_cache_checksum: object({
      hash_algorithm: "sha256",
      hash: own?.descriptor.digest.replace("sha256:", "") ?? "",
    }),
    archive_size: BigInt(own?.descriptor.size ?? 0),
    archive_timestamp: timestamp(createdAt),
    archive_compression: own === undefined ? DEFAULT_COMPRESSION : compressionOfLayer(own),
  });
}

/** @throws SpackOciError `ERR_LAYER_UNREADABLE` (`unsupported`) if the media type names no known compression */
function compressionOfLayer({ descriptor: { mediaType, digest } }: PackageLayer): string {
  const compression = compressionOfMediaType(mediaType);
  if (compression !== undefined) return compression;
  throw new SpackOciError(
    "ERR_LAYER_UNREADABLE",
    `The layer ${digest} has the unknown media type ${mediaType}.`,
    {
      kind: "unsupported",
      place: digest,
      hint: "Push the package again with a supported compression.",
    },
  );
}

/**
 * Updates the config of a package that was packed again. Configs of other Spack versions have only some of these
 * keys; no keys are added.
 *
 * @param json the existing config
 */
export function withRepackedLayer(json: JsonObject, own: PackageLayer, createdAt: Date): JsonObject {
  const known = [...layerMembers(own, createdAt)].filter(([key]) => json.has(key));
  return new Map([...json, ...known]);
}

/** The parts of a config blob that readers need. */
export interface ImageConfig {
  /** The whole document. */
  readonly json: JsonObject;
  readonly document: SpecDocument;
  /** Digests of all uncompressed layers; the package's own comes last. */
  readonly diffIds: readonly string[];
  /** When the package's layer was packed; Spack versions before 1.0 do not record it. */
  readonly packedAt: Date | undefined;
}

/**
 * Reads the config of a package's image.
 *
 * @param place names the image in errors
 * @throws SpackOciError `ERR_NOT_A_PACKAGE` (`unsupported`) for an image that is not a package, `ERR_LAYOUT_TOO_NEW`,
 *   and the errors of `parseJson` and `readSpecDocument`
 */
export function parseImageConfig(text: string, place: string): ImageConfig {
  const json = parseJson(text, { place });
  if (!isJsonObject(json) || !json.has("spec")) {
    throw new SpackOciError("ERR_NOT_A_PACKAGE", `${place} is an image, but not a Spack package.`, {
      kind: "unsupported",
      place,
      hint: "Its config has no spec: another image was pushed to a package's tag.",
    });
  }
  const version = Number(json.get("buildcache_layout_version") ?? 1);
  if (!(version <= LAYOUT_VERSION)) {
    throw new SpackOciError("ERR_LAYOUT_TOO_NEW", `${place} has buildcache layout ${version}.`, {
      kind: "unsupported",
      place,
      hint: `This version reads layouts up to ${LAYOUT_VERSION}; a newer one may read it.`,
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
