// Turns a directory into an image layout when something is first pushed to it, but never takes over other
// directories.

import { access, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isMissing, SpackOciError } from "@spack-oci/errors";
import { hasCode } from "./file-errors.js";
import { isTemporary, temporaryPath, writeFileSynced } from "./write-file.js";

const LAYOUT_FILE = "oci-layout";
/** A day, in milliseconds: no write goes on that long without changing its file. */
const MAX_TEMPORARY_AGE = 24 * 60 * 60 * 1000;
const LAYOUT_FILE_CONTENT = '{"imageLayoutVersion":"1.0.0"}\n';

/** Whether a directory is an image layout (image-layout.md "oci-layout file"). */
export async function isLayout(directory: string): Promise<boolean> {
  try {
    await access(join(directory, LAYOUT_FILE));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Makes sure that a directory is an image layout.
 *
 * @throws SpackOciError of kind `conflict`, code `ERR_OCI_NOT_A_LAYOUT`, if it holds other files.
 */
export async function createLayout(directory: string): Promise<void> {
  if (await isLayout(directory)) {
    await removeAbandoned(directory);
    return;
  }
  await mkdir(directory, { recursive: true });
  const others = (await readdir(directory)).filter((name) => !isOurs(name));
  if (others.length > 0 && !(await isLayout(directory))) {
    throw new SpackOciError(
      "ERR_OCI_NOT_A_LAYOUT",
      `${directory} is not an OCI image layout and holds other files.`,
      {
        kind: "conflict",
        place: directory,
        hint: "Choose an empty directory, or one that does not exist yet.",
      },
    );
  }
  await mkdir(join(directory, "blobs", "sha256"), { recursive: true });
  const temporary = temporaryPath(directory, `.${LAYOUT_FILE}`);
  try {
    await writeFileSynced(temporary, LAYOUT_FILE_CONTENT);
    await rename(temporary, join(directory, LAYOUT_FILE));
  } catch (error) {
    await rm(temporary, { force: true });
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

/** Removes temporary files of writers that were killed long ago. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!isTemporary(name)) continue;
    const path = join(directory, name);
    const age = Date.now() - (await modifiedAt(path));
    if (age > MAX_TEMPORARY_AGE) await rm(path, { force: true });
  }
}

/** When a file was last modified; now, if it has just been removed. */
async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Date.now();
    throw error;
  }
}

/** The parts of a layout that another process may be creating. */
function isOurs(name: string): boolean {
  return name === "blobs" || name.startsWith("index.json") || isTemporary(name) || name === "lost+found";
}
