// The files of a Spack v3 mirror, wherever they are.

import type { Readable } from "node:stream";
import type { RequestOptions, TransferOptions } from "@spack-oci/oci-client";
import type { BlobRecord } from "./manifest.js";

/** A mirror that is read by path. */
export interface MirrorFiles {
  /** For messages: a directory or a URL. */
  readonly name: string;
  /** A short file whole. @throws SpackOciError of kind `not-found` where there is none */
  read(path: string, options?: RequestOptions): Promise<Buffer>;
  /** A blob; its size and digest are verified while it is read. */
  open(record: BlobRecord, options?: TransferOptions): Promise<Readable>;
  /** Paths of all manifests of packages; undefined where files cannot be listed. */
  specManifests(): Promise<readonly string[] | undefined>;
}

/** The longest file that is read whole: an index of 20 000 packages has about 20 MB. */
export const MAX_FILE_BYTES = 1024 * 1024 * 1024;
