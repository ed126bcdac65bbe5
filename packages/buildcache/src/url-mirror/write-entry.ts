// Writes a package into a Spack v3 mirror: its archive, its spec, and then the manifest that names both.

import { gzipSync } from "node:zlib";
import { SpackOciError } from "@spack-oci/errors";
import { descriptorOf, type Target, type TransferOptions } from "@spack-oci/oci-client";
import { formatJson, type Json, type SpecDocument, specDocumentToJson } from "@spack-oci/spack-store";
import { compressionOfMediaType } from "@spack-oci/spack-tarball";
import type { PackageImage } from "../protocol/read-image.js";
import type { DirectoryFiles } from "./directory-files.js";
import { specManifestPath } from "./layout.js";
import {
  archiveType,
  type BlobRecord,
  formatMirrorManifest,
  mirrorCompression,
  specType,
} from "./manifest.js";

/** What Spack writes into the spec of a v3 mirror (Spack: url_buildcache.py, `push_binary_package`). */
const LAYOUT_VERSION_IN_SPEC = 2n;

/**
 * The layer is the archive as it is, streamed; a manifest is there when all that it names is.
 *
 * @returns the length of the archive in bytes
 * @throws SpackOciError `ERR_URL_MIRROR_COMPRESSION` (`unsupported`) for a layer that Spack would not unpack there
 */
export async function writeEntry(
  source: Target,
  { tag, document, layer: { descriptor } }: PackageImage,
  files: DirectoryFiles,
  options: TransferOptions,
): Promise<number> {
  if (compressionOfMediaType(descriptor.mediaType) !== mirrorCompression)
    throw notGzip(`${source.name}:${tag}`, descriptor.mediaType);
  const { digest, size } = descriptor;
  const archive = { mediaType: archiveType, digest, size, compression: mirrorCompression };
  await files.writeBlob(archive, () => source.fetch(descriptor, options));
  const text = specText(document);
  const spec: BlobRecord = { ...descriptorOf(specType, text), compression: mirrorCompression };
  await files.writeBlob(spec, async () => text);
  const path = specManifestPath(document.graph, document.root);
  await files.write(path, formatMirrorManifest([archive, spec]));
  return size;
}

function specText({ graph, root }: SpecDocument): Buffer {
  const members: [string, Json][] = [["buildcache_layout_version", LAYOUT_VERSION_IN_SPEC]];
  return gzipSync(formatJson(new Map([...specDocumentToJson(graph, root), ...members])));
}

function notGzip(place: string, mediaType: string): SpackOciError {
  return new SpackOciError("ERR_URL_MIRROR_COMPRESSION", `The layer of ${place} is ${mediaType}.`, {
    kind: "unsupported",
    place,
    hint: "Mirrors of this kind hold archives that are compressed with gzip; push the package again.",
  });
}
