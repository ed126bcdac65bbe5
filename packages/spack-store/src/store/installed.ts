// Checks what is installed, and registers installs in the database.

import { join } from "node:path";
import { isMissing, isSpackOciError } from "@spack-oci/errors";
import { readFile, stat } from "@spack-oci/files";
import { fullClosure, rootHash, type SpecGraph, type SpecNode } from "@spack-oci/spack-spec";
import { type Addition, addRecords } from "../database/add-records.js";
import type { InstallDatabase } from "../database/record.js";

import { updateInstallDatabase } from "./database-file.js";
import type { DatabaseLockOptions } from "./database-lock.js";
import type { Store } from "./store.js";

/**
 * Whether `prefix` is a directory whose `.spack/spec.json` has the spec with this hash
 * (`DirectoryLayout.ensure_installed` in `spack/directory_layout.py`).
 */
export async function isInstalled(prefix: string, hash: string): Promise<boolean> {
  const path = join(prefix, ".spack", "spec.json");
  try {
    return (await stat(prefix)).isDirectory() && rootHash(await readFile(path, "utf8"), path) === hash;
  } catch (error) {
    if (isMissing(error) || isSpackOciError(error)) return false;
    throw error;
  }
}

/** Installs to register. */
export interface Registration {
  /** The installed specs and all their dependencies. */
  readonly graph: SpecGraph;
  readonly additions: readonly Addition[];
  /** The prefix of a spec in the store, whether or not it exists. Not called for externals. */
  readonly prefixOf: (node: SpecNode) => string;
  /** Whether a spec is installed in an upstream store; such specs are not recorded. */
  readonly isInstalledUpstream?: (hash: string) => boolean;
}

/**
 * Registers installed specs in the database of a store, as Spack does after installing from a buildcache: with all
 * their dependencies, which count as installed if their prefixes contain them. Existing records keep their path. Until
 * this is done, the caller keeps the locks under which it installed the specs.
 *
 * @throws SpackOciError the errors of `updateInstallDatabase` and `addRecords`
 */
export async function registerInstalls(
  store: Store,
  registration: Registration,
  options: DatabaseLockOptions,
): Promise<InstallDatabase> {
  const { graph, additions, isInstalledUpstream } = registration;
  const roots = additions.map(({ hash }) => hash);
  return updateInstallDatabase(store, options, async (database) => {
    const prefixOf = (node: SpecNode) => database.records.get(node.hash)?.path ?? registration.prefixOf(node);
    const installed = new Set(roots);
    for (const node of fullClosure(graph, roots)) {
      const isKnown = installed.has(node.hash) || database.records.has(node.hash);
      if (node.external !== undefined || isKnown) continue;
      if (await isInstalled(prefixOf(node), node.hash)) installed.add(node.hash);
    }
    return addRecords(database, additions, {
      graph,
      prefixOf,
      isInstalled: (node) => installed.has(node.hash),
      ...(isInstalledUpstream && { isInstalledUpstream }),
      time: Date.now() / 1000,
    });
  });
}
