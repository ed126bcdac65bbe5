// The blobs of an image layout: one file per digest, which exists only once it is complete (image-layout.md "Blobs").

import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isMissing } from "@spack-oci/errors";
import type { Descriptor } from "../content/descriptor.js";
import { algorithmOf, type Digest, hexOf } from "../content/digest.js";
import { verifying } from "../content/verify.js";
import type { BodyFactory, ByteRange, TransferOptions } from "../storage/target.js";
import { temporaryPath } from "./write-file.js";

/** The file of a digest. */
export function blobPath(directory: string, digest: Digest): string {
  return join(directory, "blobs", algorithmOf(digest), hexOf(digest));
}

/** The size of a blob in bytes; undefined if it does not exist. */
export async function blobSize(directory: string, digest: Digest): Promise<number | undefined> {
  try {
    return (await stat(blobPath(directory, digest))).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Opens a blob's file; undefined if it does not exist. */
export async function openBlob(directory: string, digest: Digest): Promise<Readable | undefined> {
  try {
    const file = await open(blobPath(directory, digest), "r");
    return file.createReadStream({ highWaterMark: 256 * 1024 });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Bytes from the middle of a blob; undefined if it ends before them. */
export async function readBlobRange(
  directory: string,
  digest: Digest,
  { start, length }: ByteRange,
): Promise<Buffer | "missing" | undefined> {
  const file = await open(blobPath(directory, digest), "r").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return "missing";
  try {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await file.read(bytes, 0, length, start);
    return bytesRead === length ? bytes : undefined;
  } finally {
    await file.close();
  }
}

/** A blob to write. */
export interface BlobSource {
  readonly descriptor: Descriptor;
  readonly body: BodyFactory;
  /** The name of the blob in messages. */
  readonly place: string;
}

/** Writes a blob to a temporary file, verifies it on the way, flushes it, and renames it into place. */
export async function writeBlob(
  directory: string,
  { descriptor, body, place }: BlobSource,
  { signal, onBytes }: TransferOptions,
): Promise<void> {
  const path = blobPath(directory, descriptor.digest);
  await mkdir(dirname(path), { recursive: true });
  // Outside of `blobs`, where other tools take every file name for a digest.
  const temporary = temporaryPath(directory, ".incoming");
  try {
    const sink = createWriteStream(temporary, { flags: "wx", flush: true, mode: 0o644 });
    const source = await body();
    await pipeline(
      source,
      verifying(descriptor, place, onBytes),
      sink,
      signal === undefined ? {} : { signal },
    );
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
