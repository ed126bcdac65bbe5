// Defines access to the files of a Spack v3 mirror, in a directory or on a web server.

import type { Readable } from "node:stream";
import type { RequestOptions, TransferOptions } from "@spack-oci/oci-client";
import type { BlobRecord } from "./manifest.js";

/** A mirror whose files are read by path. */
export interface MirrorFiles {
  /** For messages: a directory or a URL. */
  readonly name: string;
  /**
   * Reads a short file as a whole.
   *
   * @throws SpackOciError of kind `not-found` if it does not exist
   */
  read(path: string, options?: RequestOptions): Promise<Buffer>;
  /** Opens a blob, whose size and digest are verified while it is read. */
  open(record: BlobRecord, options?: TransferOptions): Promise<Readable>;
  /** Paths of the manifests of all packages; undefined if files cannot be listed. */
  specManifests(): Promise<readonly string[] | undefined>;
}
