// Removes the temporary files that killed processes left in a store.

import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { abandonedIn } from "./abandoned.js";
import type { Store } from "./store.js";

/** Of the database, also Spack's own: `Database._write` in `spack/database.py`. */
const DATABASE = /^index\.json\.(.+)\.(\d+)\.temp$/;

/** Of sbang: see `installSbang`. */
const SBANG = /^\.sbang\.(.+)\.(\d+)\.[\da-f-]{36}\.tmp$/;

/**
 * Removes what writers of the database and of sbang left that were killed between writing and renaming.
 *
 * @throws Error of the file system
 */
export async function sweepStore(store: Store): Promise<void> {
  const files = [
    ...(await abandonedIn(store.databaseDirectory, DATABASE)),
    ...(await abandonedIn(dirname(store.sbangPath), SBANG)),
  ];
  await Promise.all(files.map((file) => rm(file, { force: true })));
}
