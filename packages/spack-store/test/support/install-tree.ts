// Unpacks the producer's store, in which a real Spack built the packages of the fixtures.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fixturePath, readFixture } from "../../../../tests/support/spack-fixtures.js";
import { openStore, type Store } from "../../src/store/store.js";
import { temporaryDirectory } from "./temporary.js";

interface Raw {
  readonly database: { readonly installs: Record<string, { readonly path: string }> };
}

/** Unpacks the whole store and gives the prefix of each hash in it. Needs `tar`. */
export function unpackProducer(): ReadonlyMap<string, string> {
  const directory = unpack();
  const { installs } = (JSON.parse(readFixture("spack-1.2/producer/spack-db-index.json")) as Raw).database;
  return new Map(
    Object.entries(installs).map(([hash, { path }]) => [
      hash,
      join(directory, path.replace("/tmp/spackA/", "")),
    ]),
  );
}

/** The unpacked store itself, and the database that its Spack wrote, with the paths that the copy has. */
export async function unpackProducerStore(): Promise<{ readonly store: Store; readonly database: string }> {
  const directory = unpack();
  const database = readFixture("spack-1.2/producer/spack-db-index.json");
  return {
    store: await openStore(join(directory, "opt")),
    database: database.replaceAll("/tmp/spackA/", `${directory}/`),
  };
}

function unpack(): string {
  const directory = temporaryDirectory();
  execFileSync("tar", ["xzf", fixturePath("spack-1.2/producer/install-tree.tar.gz"), "-C", directory]);
  return directory;
}
