// The public surface of the package; update the list when you add to it.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "LOADED_HASHES",
      "asSpackOciError",
      "audit",
      "check",
      "copy",
      "createScheduler",
      "diff",
      "find",
      "formatPlatform",
      "gc",
      "image",
      "isSame",
      "isV3Mirror",
      "list",
      "loadEnvironment",
      "login",
      "logout",
      "modifyEnvironment",
      "openSession",
      "openSigner",
      "packageTag",
      "parseKeepList",
      "parsePlatform",
      "prune",
      "pull",
      "push",
      "registryOf",
      "reindex",
      "repair",
      "requestedEnvironment",
      "requestedLockfiles",
      "requireAll",
      "sbom",
      "show",
      "sign",
      "site",
      "uninstall",
      "unloadEnvironment",
      "updateIndex",
      "view",
    ]
  `);
});
