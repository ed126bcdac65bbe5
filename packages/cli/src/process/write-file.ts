// Writes a file in one step, so that nobody reads a part of it.

import { statSync } from "node:fs";
import { access, constants, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { SpackOciError } from "@spack-oci/errors";

/** The error for a file that cannot be written. */
export type NotWritten = (path: string, cause: unknown) => SpackOciError;

/**
 * Checks that a file can be written, before any work is done.
 *
 * @throws SpackOciError of `notWritten`
 */
export async function requireWritable(path: string, notWritten: NotWritten): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK | constants.X_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a directory");
  } catch (cause) {
    throw notWritten(path, cause);
  }
}

/** @throws SpackOciError of `notWritten`; the file is then as it was before */
export async function writeWholeFile(path: string, text: string, notWritten: NotWritten): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.temp`;
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw notWritten(path, cause);
  }
}
