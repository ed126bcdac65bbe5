// Writes a whole buffer at a position of an open file.

import type { OpenFile } from "@spack-oci/files";

/** Goes on after short writes. */
export async function writeFully(file: OpenFile, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
