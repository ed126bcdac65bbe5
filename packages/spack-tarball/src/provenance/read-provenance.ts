// Reads where a package was built from the stream of its layer, without keeping anything of it.

import { SpackOciError } from "@spack-oci/errors";
import { decompress } from "../compression/decompress.js";
import { readTar } from "../tar/tar-reader.js";
import { type LayerProvenance, ProvenanceReader } from "./layer-provenance.js";

/**
 * Reads a layer to its end.
 *
 * @param layer the compressed bytes
 * @throws SpackOciError `ERR_NOT_A_PACKAGE`, the errors of `unpackLayer` for what cannot be read, and whatever `layer` fails with
 */
export async function readProvenance(layer: AsyncIterable<Buffer>): Promise<LayerProvenance> {
  const reader = new ProvenanceReader();
  for await (const member of readTar(decompress(layer))) await reader.see(member);
  if (reader.provenance.buildInfo !== undefined) return reader.provenance;
  throw new SpackOciError(
    "ERR_NOT_A_PACKAGE",
    "The layer is no Spack package: it has no binary_distribution.",
    { kind: "corrupt" },
  );
}

/**
 * Reads a layer as far as its beginning tells something, and closes it.
 *
 * @throws SpackOciError as {@link readProvenance}, but for `ERR_NOT_A_PACKAGE`
 */
export async function readProvenanceAtStart(layer: AsyncIterable<Buffer>): Promise<LayerProvenance> {
  const reader = new ProvenanceReader();
  for await (const member of readTar(decompress(layer))) {
    await reader.see(member);
    if (reader.isPastMetadata) break;
  }
  return reader.provenance;
}
