// Writes a file in one step, so that nobody reads a part of it.

import { statSync } from "node:fs";
import { access, constants, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { reasonOf, SpackOciError } from "@spack-oci/errors";

/**
 * Checks that a file can be written, before any work is done.
 *
 * @throws SpackOciError `ERR_FILE_NOT_WRITTEN`
 */
export async function requireWritable(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a directory");
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

/** @throws SpackOciError `ERR_FILE_NOT_WRITTEN` */
export async function writeWholeFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.temp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw notWritten(path, cause);
  }
}

function notWritten(path: string, cause: unknown): SpackOciError {
  return new SpackOciError("ERR_FILE_NOT_WRITTEN", `Could not write ${path}: ${reasonOf(cause)}.`, {
    kind: "failed",
    place: path,
    hint: "Choose another place for the file.",
    cause,
  });
}
