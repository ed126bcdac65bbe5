// Parses and formats the manifests of a Spack v3 mirror, which list the blobs of a package or of the index (Spack:
// schema/url_buildcache_manifest.py).

import { type Digest, isDigest } from "@spack-oci/oci-client";
import { isJsonArray, isJsonObject, type Json, parseJson } from "@spack-oci/spack-spec";
import type { Compression } from "@spack-oci/spack-tarball";
import { malformed } from "../malformed-mirror.js";

/** Spack compresses every blob of its v3 mirrors with gzip. */
export const MIRROR_COMPRESSION = "gzip" satisfies Compression;
export const ARCHIVE_TYPE = `application/vnd.spack.install.v2.tar+${MIRROR_COMPRESSION}`;
export const SPEC_TYPE = "application/vnd.spack.spec.v5+json";
export const INDEX_TYPE = "application/vnd.spack.db.v8+json";

/** One blob of a manifest. */
export interface BlobRecord {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes, as stored. */
  readonly size: number;
  readonly compression: string;
}

/** A parsed manifest. */
export interface MirrorManifest {
  readonly blobs: readonly BlobRecord[];
}

const VERSION = 3;
const CLEARSIGNED = /^-----BEGIN PGP SIGNED MESSAGE-----/;

/** The signed text: everything between the armor headers and the signature (RFC 9580, section 7). */
const SIGNED_TEXT =
  /^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n-----BEGIN PGP SIGNATURE-----/;

export function isClearsigned(text: string): boolean {
  return CLEARSIGNED.test(text);
}

/**
 * Reads a manifest, plain or clearsigned; signatures are not verified.
 *
 * @throws SpackOciError `ERR_URL_MIRROR_MALFORMED` (`corrupt`), and the errors of `parseJson`
 */
export function parseMirrorManifest(text: string, place: string): MirrorManifest {
  const json = parseJson(isClearsigned(text) ? signedText(text, place) : text, { place });
  const data = isJsonObject(json) ? json.get("data") : undefined;
  if (!isJsonObject(json) || !isJsonArray(data)) throw malformed(place, "it is not a manifest");
  if (Number(json.get("version")) !== VERSION) throw malformed(place, `its version is not ${VERSION}`);
  return { blobs: data.map((record) => readRecord(record, place)) };
}

/** The text of a manifest, with Spack's line breaks, because GnuPG truncates long lines. */
export function formatMirrorManifest(blobs: readonly BlobRecord[]): string {
  const records = blobs.map(({ size, mediaType, compression, digest }) => {
    const [checksumAlgorithm, checksum] = digest.split(":");
    return { contentLength: size, mediaType, compression, checksumAlgorithm, checksum };
  });
  return JSON.stringify({ version: VERSION, data: records }, undefined, 1)
    .replaceAll(/\n +/g, "\n")
    .replaceAll('": ', '":');
}

/** The first blob with a media type of the given kind, in any version. */
export function blobOfKind(manifest: MirrorManifest, kind: RegExp, place: string): BlobRecord {
  const found = manifest.blobs.find(({ mediaType }) => kind.test(mediaType));
  if (found !== undefined) return found;
  throw malformed(place, `it has no blob of type ${kind.source}`);
}

/**
 * The text of a manifest without its signature.
 *
 * @throws SpackOciError `ERR_URL_MIRROR_MALFORMED` (`corrupt`)
 */

function signedText(text: string, place: string): string {
  const [, signed] = SIGNED_TEXT.exec(text) ?? [];
  if (signed === undefined) throw malformed(place, "its signature is truncated");
  // Lines that begin with a dash are escaped.
  return signed.replaceAll(/^- /gm, "");
}

function readRecord(record: Json, place: string): BlobRecord {
  const member = (name: string) => (isJsonObject(record) ? record.get(name) : undefined);
  const digest = `${String(member("checksumAlgorithm"))}:${String(member("checksum"))}`;
  const size = Number(member("contentLength"));
  const [mediaType, compression] = [member("mediaType"), member("compression")];
  if (!isDigest(digest)) throw malformed(place, `${digest} is not a supported digest`);
  if (!Number.isSafeInteger(size) || size < 0) throw malformed(place, "a blob has no length");
  if (typeof mediaType !== "string" || typeof compression !== "string")
    throw malformed(place, "a blob has no media type or compression");
  return { mediaType, digest, size, compression };
}
