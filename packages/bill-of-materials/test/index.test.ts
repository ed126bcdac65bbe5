// Pins the public exports of the package.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toEqual([
    "BILL_FORMATS",
    "BILL_FORMAT_DESCRIPTIONS",
    "PROVENANCE_TYPE",
    "STATEMENT_TYPE",
    "formatBill",
    "formatProvenance",
    "makeBill",
    "packagesInBill",
    "provenancePredicate",
  ]);
});
