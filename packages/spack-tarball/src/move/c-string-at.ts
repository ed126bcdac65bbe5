// Reads the C string at an offset of a file, for messages.

import { decodeFileName, fileSystemPath, openFile } from "@spack-oci/files";

/** Bytes; a message does not need more of a string. */
const MAX_SHOWN_LENGTH = 1024;

export async function cStringAt(path: string, offset: number): Promise<string> {
  const file = await openFile(fileSystemPath(path), "r");
  try {
    const buffer = Buffer.alloc(MAX_SHOWN_LENGTH);
    const { bytesRead } = await file.read(buffer, { position: offset });
    const end = buffer.subarray(0, bytesRead).indexOf(0);
    return decodeFileName(buffer.subarray(0, end < 0 ? bytesRead : end));
  } finally {
    await file.close();
  }
}
