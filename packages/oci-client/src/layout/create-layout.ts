// Makes a directory an image layout when the first thing is pushed to it, and never takes over another directory.
import { access, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { hasCode, isMissing } from "./file-errors.js";
import { isTemporary, temporaryPath, writeFileSynced } from "./write-file.js";

const marker = "oci-layout";
/** A day, in milliseconds: no single write takes so long without a change to its file. */
const abandonedAfter = 24 * 60 * 60 * 1000;
const content = '{"imageLayoutVersion":"1.0.0"}\n';

/** Whether a directory is an image layout (image-layout.md "oci-layout file"). */
export async function isLayout(directory: string): Promise<boolean> {
  try {
    await access(join(directory, marker));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Makes sure that a directory is an image layout.
 *
 * @throws SpackOciError of kind `conflict`, code `ERR_OCI_NOT_A_LAYOUT`, when something else is in it.
 */
export async function createLayout(directory: string): Promise<void> {
  if (await isLayout(directory)) {
    await removeAbandoned(directory);
    return;
  }
  await mkdir(directory, { recursive: true });
  const others = (await readdir(directory)).filter((name) => !isOurs(name));
  if (others.length > 0 && !(await isLayout(directory))) {
    throw new SpackOciError("ERR_OCI_NOT_A_LAYOUT", `${directory} holds other files and is no image layout`, {
      kind: "conflict",
      place: directory,
      hint: "Name an empty directory, or one that does not exist yet.",
    });
  }
  await mkdir(join(directory, "blobs", "sha256"), { recursive: true });
  const temporary = temporaryPath(directory, `.${marker}`);
  try {
    await writeFileSynced(temporary, content);
    await rename(temporary, join(directory, marker));
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
    if (age > abandonedAfter) await rm(path, { force: true });
  }
}

/** The time of a file's last change; of one that is gone meanwhile, now. */
async function modifiedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Date.now();
    throw error;
  }
}

/** What a layout in the making consists of: another process may be making it too. */
function isOurs(name: string): boolean {
  return name === "blobs" || name.startsWith("index.json") || isTemporary(name) || name === "lost+found";
}
