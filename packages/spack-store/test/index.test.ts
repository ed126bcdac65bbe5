// Pins the public exports of the package.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "ArrivingPrefix",
      "INSTALL_TIMES_PATH",
      "MANIFEST_PATH",
      "ManifestFile",
      "RememberedDatabase",
      "WHOLE_FILE",
      "abandonedIn",
      "acquirePrefixLock",
      "addPadding",
      "buildIndexDocument",
      "checkSpecsFit",
      "databaseNodeJson",
      "databaseOf",
      "describeLayerEntry",
      "filterPadding",
      "filterShebang",
      "fingerprintPrefix",
      "finishArrived",
      "formatInstallTimes",
      "groupId",
      "installSbang",
      "installedDependents",
      "isDirectory",
      "isInstalled",
      "isStoreSlow",
      "loadFileLocks",
      "openStore",
      "packagePermissions",
      "paddedRootIn",
      "parseDatabase",
      "readIndexDocument",
      "readInstallDatabase",
      "readInstalledSpec",
      "registerInstalls",
      "reindexStore",
      "removeInstall",
      "removeTree",
      "sbangLine",
      "storeAt",
      "storeOfInstallTree",
      "sweepStore",
      "unusedRecords",
      "updateInstallDatabase",
      "withUpstreams",
      "withoutPadding",
      "writePrefix",
    ]
  `);
});
