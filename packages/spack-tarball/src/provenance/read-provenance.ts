// Reads where a package was built from the stream of its layer.

import { notAPackage } from "../build-info/build-info-member.js";
import { decompress } from "../compression/decompress.js";
import { readTar } from "../tar/tar-reader.js";
import { type LayerProvenance, ProvenanceReader } from "./layer-provenance.js";

/**
 * Reads a layer to its end.
 *
 * @param layer the compressed bytes
 * @throws SpackOciError `ERR_NOT_A_PACKAGE`, the errors of `unpackLayer` for a layer that cannot be read, and those of
 *   `layer`
 */
export async function readProvenance(layer: AsyncIterable<Buffer>): Promise<LayerProvenance> {
  const reader = new ProvenanceReader();
  for await (const member of readTar(decompress(layer))) await reader.see(member);
  if (reader.provenance.buildInfo !== undefined) return reader.provenance;
  throw notAPackage();
}

/**
 * Reads a layer until only its last member can add anything, and closes it.
 *
 * @throws SpackOciError as {@link readProvenance}, except `ERR_NOT_A_PACKAGE`
 */
export async function readProvenanceAtStart(layer: AsyncIterable<Buffer>): Promise<LayerProvenance> {
  const reader = new ProvenanceReader();
  for await (const member of readTar(decompress(layer))) {
    await reader.see(member);
    if (reader.isPastMetadata) break;
  }
  return reader.provenance;
}
