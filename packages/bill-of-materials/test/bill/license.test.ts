// Which licenses of recipes SPDX knows.

import { expect, it } from "vitest";
import { isLicenseExpression } from "../../src/bill/license.js";

it.each([
  "MIT",
  "Apache-2.0 OR MIT",
  "GPL-3.0-or-later WITH GCC-exception-3.1",
  "(MIT AND Zlib) OR BSD-3-Clause",
])("knows %s", (text) => {
  expect(isLicenseExpression(text)).toBe(true);
});

it.each(["", "UNKNOWN", "custom license", "MIT OR", "mit"])("does not know %j", (text) => {
  expect(isLicenseExpression(text)).toBe(false);
});
