// npm run bench: measures the command beside its rivals, and writes docs/performance.md.
//
//   --quick      only shows that everything works: tiny sizes, one round, nothing is written
//   --full       also what takes very long: a package of 2 GB, and one of 30 000 files
//   --only NAME  one case, which is printed and not written
//   --rounds N, --few N, --many N, --large MB, --huge MB, --files N, --copied MB: how much (tests/benchmarks/support/settings.ts)

import { parseArgs } from "node:util";
import { bundleCommand } from "./bundle-command.mjs";
import { runTool } from "./workspace.mjs";

const text = { type: "string" };
const flag = { type: "boolean" };
const { values } = parseArgs({
  options: {
    ...{ quick: flag, full: flag, only: text, rounds: text },
    ...{ few: text, many: text, large: text, huge: text, files: text, copied: text },
  },
});
for (const [option, value] of Object.entries(values)) {
  process.env[`SPACK_OCI_BENCH_${option.toUpperCase()}`] = String(value);
}
await bundleCommand();
runTool("vitest", ["run", "--config", "vitest.bench.config.ts"]);
