// Completes a prefix that was written as it arrived: what could not be final before, the times of its install, and its
// manifest.

import * as fs from "node:fs";
import { join } from "node:path";
import { decodeFileName, Turns } from "@spack-oci/files";
import type { JsonObject } from "@spack-oci/spack-spec";
import type { ArrivingPrefix } from "./arriving-prefix.js";
import { describeContent, describeEntry } from "./describe-entry.js";
import { type FinishOptions, finishFile } from "./finish-file.js";
import { INSTALL_TIMES_PATH, type InstallTimes, writeInstallTimes } from "./install-times.js";
import { MANIFEST_PATH, ManifestFile } from "./manifest-file.js";
import { setPermissions } from "./permissions.js";
import { type TreeEntry, walkTree } from "./walk.js";

export interface FinishArrivedOptions extends FinishOptions {
  /** The final prefix, for the paths in the manifest. */
  readonly finalPrefix: string;
  /** The name by which an entry was written, by its path below the prefix. */
  readonly nameOf: (path: string) => string;
  readonly installTimes: InstallTimes;
}

/**
 * Call once everything is in `directory`, and the packages that this one runs with are in place. Directories are listed
 * and links are read; a file is opened only if it is unfinished, or was not remembered.
 *
 * @throws as `finishFile` does; errors of the file system unchanged
 */
export async function finishArrived(
  directory: string,
  arrived: ArrivingPrefix,
  options: FinishArrivedOptions,
): Promise<void> {
  const { finalPrefix, permissions, installTimes } = options;
  const top = Buffer.from(directory);
  await writeInstallTimes(directory, installTimes, permissions);
  const manifestPath = join(directory, MANIFEST_PATH);
  const manifest = await ManifestFile.create(manifestPath, finalPrefix);
  const directories: Buffer[] = [top];
  try {
    const turns = new Turns();
    for await (const entry of walkTree(top)) {
      const path = decodeFileName(entry.path.subarray(top.length + 1));
      // Written by this function.
      if (path === MANIFEST_PATH || path === INSTALL_TIMES_PATH) continue;
      if (entry.type === "directory" && path !== ".spack") directories.push(entry.path);
      await manifest.add(path, await finishEntry(entry, path, { arrived, options }));
      if (turns.isOver) await turns.yield();
    }
    await manifest.add("", await describeEntry(top, statusOf(top)));
    await manifest.end();
  } finally {
    await manifest.close();
  }
  await setPermissions(manifestPath, permissions);
  for (const each of directories) arrived.date(each);
}

/** @returns the manifest entry */
async function finishEntry(
  entry: TreeEntry,
  path: string,
  { arrived, options }: { readonly arrived: ArrivingPrefix; readonly options: FinishArrivedOptions },
): Promise<JsonObject> {
  if (entry.type !== "file") {
    const status = statusOf(entry.path);
    return describeEntry(
      entry.path,
      entry.type === "symlink" ? arrived.regroupLink(entry.path, status) : status,
    );
  }
  const file = arrived.find(options.nameOf(path));
  if (file === undefined || file.isUnfinished) {
    const sha1 = await finishFile(entry.path, options);
    return describeContent(statusOf(entry.path), sha1);
  }
  const status = file.isShared ? statusOf(entry.path) : file.status;
  return describeContent(status, Buffer.from(file.sha1, "latin1"));
}

function statusOf(path: Buffer): fs.BigIntStats {
  return fs.lstatSync(path, { bigint: true });
}
