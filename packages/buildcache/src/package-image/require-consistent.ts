// Checks that the parts of a package's image fit together, before anything is made of them.

import { SpackOciError } from "@spack-oci/errors";
import { type Descriptor, isDigest, type Target } from "@spack-oci/oci-client";
import { isJsonObject, type SpecNode, verifyDagHash } from "@spack-oci/spack-spec";
import type { ImageConfig } from "./image-config.js";
import { hashMismatch } from "./require-spec.js";
import { verifyByLayer } from "./spliced-in-layer.js";
import { packageTag } from "./tags.js";

/** The layers of a package's image. */
export interface ImageLayers {
  readonly layers: readonly Descriptor[];
  /** The package's own. */
  readonly layer: Descriptor;
}

/**
 * @returns how the config contradicts the layers of its image, as the end of a sentence about the image; undefined if it
 *   fits
 */
export function contradictionIn(
  { layers, layer }: ImageLayers,
  { json, diffIds }: ImageConfig,
): string | undefined {
  if (diffIds.length !== layers.length)
    return `its config has ${diffIds.length} diff_ids for ${layers.length} layers`;
  const wrong = diffIds.find((diffId) => !isDigest(diffId));
  if (wrong !== undefined) return `its config has the diff_id "${wrong}", which is not a digest`;
  const checksum = json.get("binary_cache_checksum");
  if (!isJsonObject(checksum)) return undefined;
  const recorded = `${String(checksum.get("hash_algorithm"))}:${String(checksum.get("hash"))}`;
  return recorded === layer.digest
    ? undefined
    : `its config has the binary_cache_checksum ${recorded}, but its layer is ${layer.digest}`;
}

/**
 * @throws SpackOciError (`corrupt`) `ERR_WRONG_PACKAGE` if the tag is another package's, `ERR_IMAGE_INCONSISTENT` if the
 *   config does not fit the layers, `ERR_DAG_HASH` if the spec does not match its DAG hash; and of the target
 */
export async function requireConsistent(
  target: Target,
  image: ImageLayers & { readonly tag: string },
  { config, signal }: { readonly config: ImageConfig; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { tag, layer } = image;
  const place = `${target.name}:${tag}`;
  const { root } = config.document;
  requireTag(root, tag, place);
  const contradiction = contradictionIn(image, config);
  if (contradiction !== undefined) throw inconsistent(place, contradiction);
  if (verifyDagHash(root) !== "mismatch") return;
  const verdict = await verifyByLayer(target, layer, { node: root, signal });
  if (verdict === "mismatch") throw hashMismatch(root, place);
}

function requireTag(root: SpecNode, tag: string, place: string): void {
  const own = packageTag(root);
  if (own === tag) return;
  throw new SpackOciError(
    "ERR_WRONG_PACKAGE",
    `${place} is ${root.name}@${root.version}/${root.hash}, which has the tag ${own}.`,
    {
      kind: "corrupt",
      place,
      hint: `Push the package again with "--force".`,
    },
  );
}

function inconsistent(place: string, why: string): SpackOciError {
  return new SpackOciError("ERR_IMAGE_INCONSISTENT", `${place} cannot be used: ${why}.`, {
    kind: "corrupt",
    place,
    hint: `Push the package again with "--force".`,
  });
}
