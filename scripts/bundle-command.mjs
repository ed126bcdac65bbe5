// Bundles the command into a few files that start several times faster than its modules and run on any machine with
// Node. Commands, the verbs, undici and YAML have files of their own, so that a run compiles little that it does not
// use. The native code of its locks is put beside them.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as bundle } from "rolldown";
import { fromSources, manifestAsConstants, replaceModule, WORKER, WORKER_SCRIPT } from "./bundle-sources.mjs";
import { licenseTexts, packagesOf } from "./licenses.mjs";
import { copyLockPackages, NATIVE_CODE_LICENSE } from "./lock-packages.mjs";
import { assetsAsConstants, makeSiteAssets } from "./site-assets.mjs";
import { root } from "./workspace.mjs";

/** Where the files are that the command loads, next to it. */
const PARTS = "parts";

/** This code is in a part itself. */
const WORKER_IN_PARTS = `
  import { join } from "node:path";
  export const workerScript = () => ({ file: join(__dirname, "worker.cjs") });`;

/**
 * Bundles the sources, without type checks, and writes the bundle and the licenses of what is in it to a directory.
 *
 * @param {string} directory
 * @param {object} [options]
 * @param {boolean} [options.hasNativeCode] whether the native code of the locks is put beside the bundle; true by
 *   default
 * @param {string[]} [options.platforms] whose native code is added to that of this machine
 * @param {Record<string, string>} [options.entries] more files to bundle, by their names in the directory
 */
export async function bundleCommand(
  directory = join(root, "bundle"),
  { hasNativeCode = true, platforms = [], entries = {} } = {},
) {
  rmSync(join(directory, PARTS), { recursive: true, force: true });
  const site = await makeSiteAssets();
  const { output } = await bundle({
    ...fromSources([
      ...manifestAsConstants(),
      ...assetsAsConstants(site),
      replaceModule(WORKER_SCRIPT, WORKER_IN_PARTS),
    ]),
    input: {
      "spack-oci": join(root, "packages", "cli", "bin", "spack-oci.cjs"),
      [`${PARTS}/worker`]: WORKER,
      ...entries,
    },
    output: {
      dir: directory,
      entryFileNames: "[name].cjs",
      chunkFileNames: `${PARTS}/[name]-[hash].cjs`,
      format: "cjs",
      minify: true,
    },
  });
  if (hasNativeCode) copyLockPackages(join(directory, "node_modules"), platforms);
  const licensed = [...packagesOf(output), ...site.packages, ...(hasNativeCode ? [NATIVE_CODE_LICENSE] : [])];
  writeFileSync(join(directory, "LICENSES.txt"), licenseTexts(licensed));
  const size = output.reduce((sum, file) => sum + (file.code?.length ?? 0), 0);
  console.log(`${join(directory, "spack-oci.cjs")} and its parts have ${Math.ceil(size / 1024)} KiB`);
}
