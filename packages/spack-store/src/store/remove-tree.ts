// Removes directories regardless of the permissions and the depth that a package gave them.

import { lstatSync } from "node:fs";
import { chmod, lstat, readdir, rename, rm } from "node:fs/promises";

const OWNER = 0o700;

/** Bytes. Directories with longer paths are renamed, so that paths below them stay within what system calls accept. */
const MAX_PATH_LENGTH = process.platform === "darwin" ? 512 : 2048;

const SLASH = Buffer.from("/");

/** Removes a file or directory tree, if it exists. */
export async function removeTree(path: string): Promise<void> {
  // Nothing is there most of the time, and `rm` takes long to find out.
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!["EACCES", "EPERM", "ENAMETOOLONG"].includes((error as NodeJS.ErrnoException).code ?? ""))
      throw error;
    // Nothing can be removed from a read-only directory, and nothing by a path that is too long.
    await makeRemovable(Buffer.from(path));
    await rm(path, { recursive: true, force: true });
  }
}

/** Opens up all directories of a tree, and moves those that are too deep to its top. Names need not be UTF-8. */
async function makeRemovable(top: Buffer): Promise<void> {
  const names = new Set((await openedUp(top)).map((name) => name.toString("latin1")));
  const pending = [...names].map((name) => join(top, Buffer.from(name, "latin1")));
  let count = 0;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const below = await openedUp(directory);
    let place = directory;
    if (directory.length > top.length + 1 + MAX_PATH_LENGTH) {
      while (names.has(`deep-${count}`)) count += 1;
      place = join(top, Buffer.from(`deep-${count}`));
      count += 1;
      await rename(directory, place);
    }
    for (const name of below) pending.push(join(place, name));
  }
}

/** Gives the owner all rights to a directory. @returns the names of its subdirectories */
async function openedUp(directory: Buffer): Promise<Buffer[]> {
  const { mode } = await lstat(directory);
  if ((mode & OWNER) !== OWNER) await chmod(directory, mode | OWNER);
  // Node's types have names as bytes only without the types of the entries.
  const entries = await readdir(directory, { encoding: "buffer" as BufferEncoding, withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name as unknown as Buffer);
}

function join(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, SLASH, name]);
}
