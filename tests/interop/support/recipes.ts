// The recipes that Spack needs for the sample store: those kept in the store, and a few stubs.

import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@spack-oci/spack-store";
import { extractSampleStore } from "../../../scripts/sample-store.mjs";

const stubs = fileURLToPath(new URL("recipes/spack_repo", import.meta.url));

/** Every prefix keeps the recipe it was built from (Spack: installer.py, `dump_packages`). */
const KEPT = join(".spack", "repos", "spack_repo");

/**
 * Creates package repositories below `directory`.
 *
 * @returns their directories by namespace
 */
export async function gatherRecipes(directory: string): Promise<ReadonlyMap<string, string>> {
  const { root } = await openStore(extractSampleStore());
  for (const platform of readdirSync(root).filter((name) => name.startsWith("linux-"))) {
    for (const prefix of readdirSync(join(root, platform))) {
      cpSync(join(root, platform, prefix, KEPT), join(directory, "spack_repo"), { recursive: true });
    }
  }
  cpSync(stubs, join(directory, "spack_repo"), { recursive: true });
  return new Map(["mochi_lite", "builtin"].map((name) => [name, join(directory, "spack_repo", name)]));
}
