// Reads a database again only if somebody else has replaced it.

import { stat } from "node:fs/promises";
import type { InstallDatabase } from "../database/record.js";
import { checkDatabaseVersion } from "../database/writable.js";
import { readInstallDatabase } from "./database-file.js";
import { type DatabaseLockOptions, withDatabaseLock } from "./database-lock.js";
import { databaseError, indexPath, replaceDatabase } from "./replace-database.js";
import type { Store } from "./store.js";

/** The database of a store that one process changes many times. */
export class RememberedDatabase {
  readonly #store: Store;
  #known: { readonly identity: string; readonly database: InstallDatabase } | undefined;
  #lastRead: InstallDatabase | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The database as it was last read from the file, without what {@link update} has changed since. */
  get lastRead(): InstallDatabase | undefined {
    return this.#lastRead;
  }

  /** @throws SpackOciError as `readInstallDatabase` does */
  async read(): Promise<InstallDatabase> {
    // Taken before the content: if the file is replaced in between, it is read again the next time.
    const identity = await this.#identity();
    if (this.#known !== undefined && this.#known.identity === identity) return this.#known.database;
    const database = await readInstallDatabase(this.#store);
    this.#known = identity === undefined ? undefined : { identity, database };
    this.#lastRead = database;
    return database;
  }

  /** @throws SpackOciError as `updateInstallDatabase` does */
  async update(
    options: DatabaseLockOptions,
    change: (database: InstallDatabase) => InstallDatabase,
  ): Promise<void> {
    await withDatabaseLock(this.#store, options, async () => {
      const before = await this.read();
      checkDatabaseVersion(before.version, indexPath(this.#store));
      const database = change(before);
      await replaceDatabase(this.#store, database);
      const identity = await this.#identity();
      this.#known = identity === undefined ? undefined : { identity, database };
    });
  }

  /** The file is always replaced as a whole, so that another content is another file. */
  async #identity(): Promise<string | undefined> {
    const path = indexPath(this.#store);
    try {
      const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      return [dev, ino, size, mtimeNs, ctimeNs].join(":");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw databaseError(path, "read", error);
    }
  }
}
