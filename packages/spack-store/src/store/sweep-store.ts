// Removes temporary files of killed processes from a store.

import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { sweepSymlinkLocks } from "../locks/symlink-locks.js";
import { abandonedIn } from "./abandoned.js";
import type { Store } from "./store.js";

/** Temporary files of the database, including Spack's: `Database._write` in `spack/database.py`. */
const DATABASE = /^index\.json\.(.+)\.(\d+)\.temp$/;

/** Temporary files of `installSbang`. */
const SBANG = /^\.sbang\.(.+)\.(\d+)\.[\da-f-]{36}\.tmp$/;

/**
 * Removes temporary files of processes that were killed while writing the database or sbang, and locks of killed
 * processes that Spack does not see.
 *
 * @throws Error of the file system
 */
export async function sweepStore(store: Store): Promise<void> {
  const files = [
    ...(await abandonedIn(store.databaseDirectory, DATABASE)),
    ...(await abandonedIn(dirname(store.sbangPath), SBANG)),
  ];
  await Promise.all(files.map((file) => rm(file, { force: true })));
  await sweepSymlinkLocks(store.databaseDirectory);
}
