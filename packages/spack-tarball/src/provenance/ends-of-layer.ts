// Reads where a package was built from either end of its layer, without the rest.

import { isSpackOciError } from "@spack-oci/errors";
import { streamOf } from "../compression/codec.js";
import { CODECS } from "../compression/codecs.js";
import { compressionOf, type FoundCompression } from "../compression/compressions.js";
import { MAX_BUILD_INFO } from "../tar/limits.js";
import { readTar } from "../tar/tar-reader.js";
import { type LayerProvenance, ProvenanceReader } from "./layer-provenance.js";

/** Bytes of an archive's end: the longest build info, with its header and the blocks that end an archive. */
const MAX_END = 2 * MAX_BUILD_INFO;

/**
 * What the first bytes of a layer say.
 *
 * @returns undefined if they cannot be read by themselves, as with zstd, or are not part of an archive
 */
export async function provenanceAtStart(bytes: Buffer): Promise<LayerProvenance | undefined> {
  const archive = CODECS[compressionOf(bytes)].decodeStart(bytes);
  if (archive === undefined) return undefined;
  const reader = new ProvenanceReader();
  await readMembers(reader, streamOf(archive));
  return reader.provenance;
}

/**
 * What the last bytes of a layer say: everything in its `binary_distribution`.
 *
 * @param compression of the layer, by its first bytes
 * @returns undefined if the bytes cannot be entered, or the member begins before them
 */
export async function provenanceAtEnd(
  bytes: Buffer,
  compression: FoundCompression,
): Promise<LayerProvenance | undefined> {
  for (const archive of CODECS[compression].decodeEnd(bytes, MAX_END)) {
    const reader = new ProvenanceReader();
    await readMembers(reader, archive);
    if (reader.provenance.buildInfo !== undefined) return reader.provenance;
  }
  return undefined;
}

/** Shows a reader the members of a piece of an archive, as far as they are whole. */
async function readMembers(reader: ProvenanceReader, archive: AsyncIterable<Buffer>): Promise<void> {
  try {
    for await (const member of readTar(archive)) {
      await reader.see(member);
      if (reader.isPastMetadata) return;
    }
  } catch (error) {
    // The piece is cut off, or does not begin with a header: the reader has seen what was whole.
    if (!isSpackOciError(error, "corrupt")) throw error;
  }
}
