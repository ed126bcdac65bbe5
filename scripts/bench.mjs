// npm run bench: measures the command beside its rivals (docs/performance.md). --quick only shows that it works.

import { runTool } from "./workspace.mjs";
import "./bundle.mjs";

if (process.argv.includes("--quick")) {
  process.env.SPACK_OCI_BENCH_QUICK = "1";
  process.env.SPACK_OCI_BENCH_ROUNDS ??= "1";
  process.env.SPACK_OCI_BENCH_MEGABYTES ??= "5";
}
runTool("vitest", ["run", "--config", "vitest.bench.config.ts"]);
