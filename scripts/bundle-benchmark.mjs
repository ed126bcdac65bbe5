// Bundles the programs of benchmarks that call the packages' own functions, as the command is bundled.

import { join } from "node:path";
import { build } from "rolldown";
import { fromSources } from "./bundle-sources.mjs";
import { root } from "./workspace.mjs";

const PROGRAMS = ["relocate-files", "hash-pages"];

/** Writes the programs beside the bundle of the command. */
export async function bundleBenchmark() {
  const sources = join(root, "tests", "benchmarks", "programs");
  await build({
    ...fromSources([]),
    input: Object.fromEntries(PROGRAMS.map((name) => [name, join(sources, `${name}.ts`)])),
    output: {
      dir: join(root, "bundle", "benchmark"),
      entryFileNames: "[name].mjs",
      chunkFileNames: "[name].mjs",
      format: "esm",
      minify: true,
    },
  });
}
