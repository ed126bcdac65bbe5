// The public surface of the package; whoever adds to it adds here.
import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("offers these names and no others", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "asSpackOciError",
      "audit",
      "check",
      "copy",
      "createScheduler",
      "describePackage",
      "diff",
      "filterPadding",
      "formatPlace",
      "formatPlatform",
      "image",
      "isSame",
      "list",
      "login",
      "logout",
      "openSession",
      "packageTag",
      "parseKeepList",
      "parsePlatform",
      "prune",
      "pull",
      "push",
      "registryOf",
      "reindex",
      "renderFind",
      "repair",
      "requestedEnvironment",
      "requestedLockfiles",
      "show",
      "updateIndex",
    ]
  `);
});
