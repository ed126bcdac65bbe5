// Sends an install archive of a mirror to a buildcache as a layer, and learns what it holds on the way.

import { MEDIA_TYPES, type Target, type TransferOptions } from "@spack-oci/oci-client";
import type { PackageLayer } from "../protocol/package-layer.js";
import type { BlobRecord } from "./manifest.js";
import type { MirrorFiles } from "./mirror-files.js";
import { type ScannedArchive, scanArchive, scanning } from "./scan-archive.js";

/** A layer that is in the buildcache, and what it holds. */
export interface SentArchive {
  readonly layer: PackageLayer;
  readonly scanned: ScannedArchive;
}

/** Streamed through memory; an archive that the buildcache has is only read. */
export async function sendArchive(
  files: MirrorFiles,
  archive: BlobRecord,
  target: Target,
  { onBytes, signal }: TransferOptions,
): Promise<SentArchive> {
  const { digest, size } = archive;
  const place = `${files.name} ${digest}`;
  const descriptor = { mediaType: MEDIA_TYPES.ociLayerGzip, digest, size };
  let latest: Promise<ScannedArchive> | undefined;
  const body = async () => {
    const { bytes, scanned } = scanning(await files.open(archive, { signal }), place);
    latest = scanned;
    return bytes;
  };
  await target.push(descriptor, body, { onBytes, signal });
  // An attempt whose answer was lost is not repeated, and its scan may not have come to an end.
  const scanned =
    (await latest?.catch(() => undefined)) ??
    (await scanArchive(await files.open(archive, { signal }), place));
  return { layer: { descriptor, diffId: scanned.diffId }, scanned };
}
