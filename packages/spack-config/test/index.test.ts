// Pins the public exports of the package.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "DEFAULT_PREFIX_INSPECTIONS",
      "addMirror",
      "detectHost",
      "formatPlace",
      "openLockfile",
      "openSpackInstance",
      "openUserConfiguration",
      "readSpecFile",
      "removeMirror",
      "requireCredentials",
      "runSpack",
      "runSpackPython",
      "setMirror",
      "withoutSecrets",
    ]
  `);
});
