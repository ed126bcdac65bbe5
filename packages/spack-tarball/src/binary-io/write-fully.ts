// Writes whole pieces to an open file, however short single writes turn out.

import type { OpenFile } from "@spack-oci/files";

/** Writes all of `bytes` at `position`. */
export async function writeFully(file: OpenFile, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, { offset: done, position: position + done });
    done += bytesWritten;
  }
}
