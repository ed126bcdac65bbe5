// Pins the public surface: a change here affects all users of the package.

import { expect, test } from "vitest";
import * as surface from "../src/index.js";
import * as policy from "../src/policy/index.js";

test("the public surface", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "addSimpleSignature",
      "attachSignature",
      "attachStatement",
      "describeSigners",
      "keySigner",
      "keylessSigner",
      "readPrivateKey",
      "repositoryOf",
      "requireKeySigner",
      "signClaim",
      "signatureTag",
      "verifyClaim",
      "verifyImage",
    ]
  `);
});

test("the public surface of policies", () => {
  expect(Object.keys(policy).sort()).toMatchInlineSnapshot(`
    [
      "policyFiles",
      "requestedSigners",
      "ruleFor",
      "signersOfRule",
    ]
  `);
});
