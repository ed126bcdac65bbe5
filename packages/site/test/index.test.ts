// Pins the public exports of the package.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "CATALOG_VERSION",
      "claimSiteDirectory",
      "readFindings",
      "readSiteCatalog",
      "serveSite",
      "siteSpec",
      "writeSite",
    ]
  `);
});
