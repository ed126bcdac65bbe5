// Records installs in the database during a pull: a record must exist before the lock on its prefix is released. Every
// write formats the whole database, so many installs share one.

import { setTimeout as sleep } from "node:timers/promises";
import { isRuntimeDependency, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import {
  type Addition,
  type DatabaseLockOptions,
  databaseOf,
  type FileLocks,
  type InstallDatabase,
  registerInstalls,
  type Store,
  updateInstallDatabase,
} from "@spack-oci/spack-store";
import { describePackage, type Listener } from "../../events/events.js";

export interface RecorderContext {
  readonly graph: SpecGraph;
  readonly prefixOf: (node: SpecNode) => string;
  readonly isUpstream: (hash: string) => boolean;
  readonly locks: FileLocks;
  /** Seconds to wait for the database's lock; Spack's default if undefined. */
  readonly timeoutSeconds?: number | undefined;
  /** Notified about dependencies that were removed meanwhile. */
  readonly listener?: Listener | undefined;
}

/**
 * How many times as long as the last write to wait before the next one: the share of the run that writes may take. All
 * that a kill costs in between are the installs of that time.
 */
const INTERVAL_FACTOR = 20;

/** Writes records one after the other; those that arrive during a write and some time after it share the next one. */
export class InstallRecorder {
  readonly #store: Store;
  readonly #context: RecorderContext;
  #waiting: Addition[] = [];
  #current: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** When the next write is due, by `performance.now()`. */
  #due = 0;
  #hurry = new AbortController();

  constructor(store: Store, context: RecorderContext) {
    this.#store = store;
    this.#context = context;
  }

  /**
   * Resolves once the record is in the database. Dependencies must be recorded first.
   *
   * @throws SpackOciError as `registerInstalls` does; after that nothing is recorded, and every call fails with the
   *   same error
   */
  record(addition: Addition): Promise<void> {
    this.#waiting.push(addition);
    this.#next ??= this.#current.then(() => this.#pause()).then(() => this.#write());
    return this.#next;
  }

  /** Has what was recorded so far written without waiting for more. */
  flush(): void {
    if (this.#next !== undefined) this.#hurry.abort();
  }

  /** Marks installed packages as explicitly requested (Spack: database.py, `mark`). */
  async markExplicit(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    await updateInstallDatabase(this.#store, this.#update, (database) => {
      const records = new Map(database.records);
      for (const hash of hashes) {
        const record = records.get(hash);
        if (record !== undefined) records.set(hash, { ...record, explicit: true });
      }
      return databaseOf(records, database.version);
    });
  }

  get #update(): DatabaseLockOptions {
    const { locks, timeoutSeconds } = this.#context;
    return { locks, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
  }

  async #pause(): Promise<void> {
    const { signal } = this.#hurry;
    const milliseconds = this.#due - performance.now();
    if (milliseconds <= 0 || signal.aborted) return;
    // Being in a hurry is no failure.
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
  }

  async #write(): Promise<void> {
    const additions = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    this.#hurry = new AbortController();
    const began = performance.now();
    const { graph, prefixOf, isUpstream: isInstalledUpstream } = this.#context;
    const registration = { graph, additions, prefixOf, isInstalledUpstream };
    const written = registerInstalls(this.#store, registration, this.#update);
    this.#current = written;
    const database = await written;
    const ended = performance.now();
    this.#due = ended + (ended - began) * INTERVAL_FACTOR;
    for (const { hash } of additions) this.#warnOfAbsent(hash, database);
  }

  /** Like Spack, records a package whose dependencies are gone, with a warning (database.py, `_add`). */
  #warnOfAbsent(hash: string, { records }: InstallDatabase): void {
    const { graph, prefixOf, isUpstream, listener } = this.#context;
    const node = graph.get(hash);
    if (node === undefined) return;
    for (const edge of node.dependencies.filter(isRuntimeDependency)) {
      const dependency = graph.get(edge.hash);
      if (dependency === undefined || dependency.external !== undefined) continue;
      if (isUpstream(edge.hash) || records.get(edge.hash)?.installed === true) continue;
      const message = `${describePackage(dependency)}, a dependency of ${describePackage(node)}, is no longer in the store: pull it again.`;
      listener?.({ type: "warning", message, place: prefixOf(dependency) });
    }
  }
}
