// Finds out, while an archive passes through, what its image has to record: its diff ID, and its directories.

import { createHash } from "node:crypto";
import { PassThrough, pipeline, type Readable, Transform } from "node:stream";
import { decompress, ProvenanceReader, readTar } from "@spack-oci/spack-tarball";
import { ArchivedPaths } from "./archived-paths.js";
import { malformed } from "./malformed-mirror.js";

/** What an archive holds. */
export interface ScannedArchive {
  /** Digest of the uncompressed archive (OCI image specification, "Layer DiffID"). */
  readonly diffId: string;
  /** The prefix of the package where it was built. */
  readonly prefix: string;
  readonly paths: ArchivedPaths;
}

/** Reads an archive to its end, in constant memory except for the names of its directories and links. */
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
    throw malformed(place, "it does not record where it was built");
  }
  return { diffId: `sha256:${hash.digest("hex")}`, prefix, paths };
}

/** Passes a stream through unchanged and scans it; the stream fails if it is not an archive. */
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
  // The reader gets the error, and must not wait for a scan that has stopped.
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
