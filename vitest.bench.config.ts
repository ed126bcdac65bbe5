// npm run bench: the benchmarks, one after the other and apart from the tests.
import { mergeConfig } from "vitest/config";
import base from "./vitest.config.js";

// biome-ignore lint/style/noDefaultExport: vitest asks for one
export default mergeConfig(
  { ...base, test: { ...base.test, include: [] } },
  {
    test: {
      include: ["tests/benchmarks/**/*.bench.ts"],
      testTimeout: 3_600_000,
      hookTimeout: 600_000,
      maxWorkers: 1,
      fileParallelism: false,
    },
  },
);
