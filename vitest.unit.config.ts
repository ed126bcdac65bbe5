// The fast suite: unit tests only, whose files share the modules they import. Left out are tests that mock modules
// and so need a process by themselves (*.isolated.test.ts), and those of many random cases (*.slow.test.ts).

import { mergeConfig } from "vitest/config";
import all from "./vitest.config.js";

export default mergeConfig(all, {
  test: {
    isolate: false,
    exclude: ["tests/**", "**/node_modules/**", "**/*.{isolated,slow}.test.ts"],
  },
});
