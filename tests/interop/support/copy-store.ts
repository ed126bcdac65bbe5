// Copies of the sample store that tests may change.

import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore } from "@spack-oci/spack-store";
import { extractSampleStore } from "../../../scripts/sample-store.mjs";

/**
 * Copies the whole store to `root`, without padding. Paths in its files stay as they are.
 *
 * @returns the prefixes by name
 */
export async function copyStore(root: string): Promise<ReadonlyMap<string, string>> {
  const { root: from } = await openStore(extractSampleStore());
  cpSync(from, root, { recursive: true, verbatimSymlinks: true });
  const index = join(root, ".spack-db", "index.json");
  const text = readFileSync(index, "utf8").replaceAll(from, root);
  writeFileSync(index, text);
  return new Map(
    Object.values(installsIn(text)).flatMap(({ spec, path }): [string, string][] => [[spec.name, path]]),
  );
}

type Installs = Record<string, { path: string; installed: boolean; spec: { name: string } }>;

function installsIn(text: string): Installs {
  return (JSON.parse(text) as { database: { installs: Installs } }).database.installs;
}

/**
 * Copies one package and the database to `root`, without padding. Paths in the package's files stay as they are; the
 * other packages become records without prefixes.
 *
 * @returns the package's prefix
 */
export async function copyPackage(name: string, root: string): Promise<string> {
  const { root: from } = await openStore(extractSampleStore());
  const text = readFileSync(join(from, ".spack-db", "index.json"), "utf8").replaceAll(from, root);
  mkdirSync(join(root, ".spack-db"), { recursive: true });
  const document = JSON.parse(text) as { database: { installs: Installs } };
  let prefix = "";
  for (const record of Object.values(document.database.installs)) {
    if (record.spec.name === name) {
      prefix = record.path;
      cpSync(prefix.replace(root, from), prefix, { recursive: true, verbatimSymlinks: true });
    }
    record.installed = existsSync(record.path);
  }
  writeFileSync(join(root, ".spack-db", "index.json"), JSON.stringify(document));
  return prefix;
}
