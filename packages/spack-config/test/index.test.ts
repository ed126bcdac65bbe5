// The public surface of the package; whoever adds to it adds here.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("offers these names and no others", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "DEFAULT_PREFIX_INSPECTIONS",
      "formatPlace",
      "openLockfile",
      "openSpackInstance",
      "readSpecFile",
      "requireCredentials",
      "runSpackPython",
    ]
  `);
});
