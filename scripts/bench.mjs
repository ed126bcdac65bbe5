// npm run bench: compares the command with other tools, and writes docs/performance.md.
//
//   --quick      tiny sizes and one round, only to see that everything works; writes nothing
//   --full       also runs the long cases: a package of 2 GB, one of 30 000 files, and an index of 100 000 packages
//   --only NAMES runs these cases (separated by commas), and prints them instead of writing them
//   --rounds N, --few N, --many N, --large MB, --huge MB, --files N, --copied MB, --indexed N:
//                sizes (tests/benchmarks/support/settings.ts)

import { parseArgs } from "node:util";
import { bundleBenchmark } from "./bundle-benchmark.mjs";
import { bundleCommand } from "./bundle-command.mjs";
import { runTool } from "./workspace.mjs";

const text = { type: "string" };
const flag = { type: "boolean" };
const { values } = parseArgs({
  options: {
    ...{ quick: flag, full: flag, only: text, rounds: text },
    ...{ few: text, many: text, large: text, huge: text, files: text, copied: text, indexed: text },
  },
});
for (const [option, value] of Object.entries(values)) {
  process.env[`SPACK_OCI_BENCH_${option.toUpperCase()}`] = String(value);
}
await bundleCommand();
await bundleBenchmark();
runTool("vitest", ["run", "--config", "vitest.bench.config.ts"]);
