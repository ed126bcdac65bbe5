// A tag must appear only after everything that it refers to. Registries check that themselves, directories do not.

import { readFile } from "node:fs/promises";
import { SpackOciError } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { childrenOf, isDistributable, parseManifest } from "../content/manifest.js";
import { isManifestType } from "../content/media-types.js";
import { blobPath, blobSize } from "./layout-blobs.js";

/**
 * Checks that everything exists that a manifest refers to (distribution specification, "Pushing Manifests").
 *
 * @throws SpackOciError of kind `conflict`, code `ERR_OCI_INCOMPLETE`, if something is missing.
 */
export async function requireChildren(
  directory: string,
  { digest, mediaType }: Pick<Descriptor, "digest" | "mediaType">,
): Promise<void> {
  if (!isManifestType(mediaType)) return;
  const path = blobPath(directory, digest);
  for (const child of childrenOf(parseManifest(await readFile(path), path)).filter(isDistributable)) {
    if ((await blobSize(directory, child.digest)) !== child.size) throw incomplete(directory, digest, child);
    await requireChildren(directory, child);
  }
}

function incomplete(directory: string, manifest: string, child: Descriptor): SpackOciError {
  return new SpackOciError(
    "ERR_OCI_INCOMPLETE",
    `${directory}: ${manifest} refers to ${child.digest}, which is missing.`,
    {
      kind: "conflict",
      place: directory,
      hint: "Push again; it may have been deleted in the meantime.",
    },
  );
}
