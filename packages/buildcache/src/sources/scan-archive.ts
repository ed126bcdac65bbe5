// Learns from an install archive, as its bytes pass, what an image says of it: its diff ID, and which directories it has.

import { createHash } from "node:crypto";
import { PassThrough, pipeline, type Readable, Transform } from "node:stream";
import { decompress, ProvenanceReader, readTar } from "@spack-oci/spack-tarball";
import { ArchivedPaths } from "./archived-paths.js";
import { malformed } from "./malformed-mirror.js";

/** What an archive holds. */
export interface ScannedArchive {
  /** Digest of the uncompressed archive (OCI image specification, "Layer DiffID"). */
  readonly diffId: string;
  /** Where the package was built. */
  readonly prefix: string;
  readonly paths: ArchivedPaths;
}

/** Reads an archive to its end, in constant memory but for the names of its directories and links. */
export async function scanArchive(archive: AsyncIterable<Buffer>, place: string): Promise<ScannedArchive> {
  const hash = createHash("sha256");
  const paths = new ArchivedPaths();
  const reader = new ProvenanceReader();
  for await (const member of readTar(hashed(decompress(archive), hash))) {
    const { header } = member;
    if (header.type === "directory") paths.addDirectory(header.name);
    if (header.type === "symlink") paths.addLink(header.name, header.linkName);
    await reader.see(member);
  }
  const { prefix, buildInfo } = reader.provenance;
  if (prefix === undefined || buildInfo === undefined) {
    throw malformed(place, "it does not say where it was built");
  }
  return { diffId: `sha256:${hash.digest("hex")}`, prefix, paths };
}

/** A stream's bytes as they are, and what they hold; the stream fails where they are no archive. */
export function scanning(
  archive: Readable,
  place: string,
): { readonly bytes: Readable; readonly scanned: Promise<ScannedArchive> } {
  const copy = new PassThrough();
  const tee = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (copy.write(chunk)) done(null, chunk);
      else copy.once("drain", () => done(null, chunk));
    },
    flush(done) {
      copy.end();
      done();
    },
  });
  const scanned = scanArchive(copy, place);
  // Whoever reads the bytes is told, and must not wait for a scan that has given up.
  scanned.catch((error: Error) => tee.destroy(error));
  const bytes = pipeline(archive, tee, (error) => {
    if (error) copy.destroy(error);
  });
  return { bytes, scanned };
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
