// Stores of many small packages: copies of the sample store, each with its own hashes.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fixture, readJson } from "../../support/fixtures.js";
import { scratchDirectory } from "../../support/scratch.js";
import { pullSample } from "./pull-sample.js";
import { copyPrefix, type HashedNode, rehash } from "./rename-hashes.js";

/** Packages in the sample store. */
const SAMPLE_PACKAGES = 20;

/** A generated store. */
export interface GeneratedStore {
  readonly root: string;
  readonly packages: number;
  /** Packages without dependents, as `/hash`. */
  readonly roots: readonly string[];
  /** Files with the concrete specs of the roots, from which Spack installs without an index. */
  readonly specFiles: readonly string[];
}

interface DatabaseFile {
  readonly database: {
    readonly version: string;
    readonly installs: Record<
      string,
      { readonly path: string; readonly spec: HashedNode & { readonly external?: unknown } }
    >;
  };
}

/** The roots in a lock file. */
interface LockedRoots {
  readonly roots: readonly { readonly hash: string }[];
}

/**
 * Generates a store of at least `packages` packages. All hashes have the same length, so paths of packages can be
 * replaced by those of their copies in every file, including programs. The hashes are true, since a pull verifies them.
 *
 * @param seed the same seed gives the same hashes
 */
export async function copySample(packages: number, seed: number): Promise<GeneratedStore> {
  const { root, paddedRoot } = await pullSample();
  const place = join(paddedRoot, ".spack-db/index.json");
  const text = readFileSync(place, "utf8");
  const { database } = JSON.parse(text) as DatabaseFile;
  const installed = Object.entries(database.installs).filter(([, { spec }]) => spec.external === undefined);
  const specs = scratchDirectory("specs");
  const leaves = readJson<LockedRoots>("producer/spack.lock").roots.map(({ hash }) => specFileOf(hash));
  const made = [...leaves];
  const copies = Math.ceil(packages / SAMPLE_PACKAGES);
  for (let copy = 1; copy < copies; copy += 1) {
    const rename = rehash(
      installed.map(([, { spec }]) => spec),
      `${seed} ${copy}`,
    );
    for (const [, { path }] of installed) copyPrefix(path, rename);
    Object.assign(database.installs, (JSON.parse(rename(text)) as DatabaseFile).database.installs);
    for (const file of leaves) {
      const copied = join(specs, rename(basename(file)));
      writeFileSync(copied, rename(readFileSync(file, "utf8")));
      made.push(copied);
    }
  }
  writeFileSync(place, JSON.stringify({ database }));
  return {
    root,
    packages: copies * SAMPLE_PACKAGES,
    roots: made.map((file) => `/${/([a-z2-7]{32})\.spec\.json$/.exec(file)?.[1]}`),
    specFiles: made,
  };
}

function specFileOf(hash: string): string {
  const directory = fixture("producer/specs");
  const name = readdirSync(directory).find((candidate) => candidate.endsWith(`-${hash}.spec.json`));
  if (name === undefined) throw new Error(`${directory} has no spec of ${hash}`);
  return join(directory, name);
}
