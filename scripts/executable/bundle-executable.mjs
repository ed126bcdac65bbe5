// Bundles the command for an executable: one file for the main thread, and one for worker threads, because neither
// can load others there.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build as bundle } from "rolldown";
import {
  fromSources,
  manifestAsConstants,
  replaceModule,
  WORKER,
  WORKER_SCRIPT,
} from "../bundle-sources.mjs";
import { packagesOf } from "../licenses.mjs";
import { assetsAsConstants, makeSiteAssets } from "../site-assets.mjs";

/** The name of the asset with the code of worker threads. */
export const WORKER_ASSET = "worker.cjs";

const WORKER_FROM_ASSET = `
  import { getAsset } from "node:sea";
  export const workerScript = () => ({ code: getAsset("${WORKER_ASSET}", "utf8") });`;

const inThisDirectory = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * @returns {Promise<{ main: string, worker: string, packages: string[] }>} the code of both, and the directories of the
 *   third-party packages in them
 */
export async function bundleExecutable() {
  const site = await makeSiteAssets();
  const main = await bundleOne(inThisDirectory("entry.cjs"), [
    ...manifestAsConstants(),
    ...assetsAsConstants(site),
    replaceModule(WORKER_SCRIPT, WORKER_FROM_ASSET),
    replaceModule(
      "spack-store/src/locks/native-code.ts",
      readFileSync(inThisDirectory("native-code.mjs"), "utf8"),
    ),
  ]);
  const worker = await bundleOne(WORKER);
  return {
    main: main[0].code,
    worker: worker[0].code,
    packages: [...new Set([...packagesOf(main), ...packagesOf(worker), ...site.packages])].sort(),
  };
}

async function bundleOne(input, plugins = []) {
  const { output } = await bundle({
    ...fromSources(plugins),
    input,
    write: false,
    output: { format: "cjs", minify: true, codeSplitting: false },
  });
  return output;
}
