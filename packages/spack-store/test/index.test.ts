// Pins the public exports of the package.

import { expect, it } from "vitest";
import * as surface from "../src/index.js";

it("exports exactly these names", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "ManifestFile",
      "RememberedDatabase",
      "WHOLE_FILE",
      "abandonedIn",
      "acquirePrefixLock",
      "addPadding",
      "buildIndex",
      "checkSpecsFit",
      "databaseNodeJson",
      "databaseOf",
      "describeLayerEntry",
      "filterPadding",
      "filterShebang",
      "fingerprintPrefix",
      "finishPrefix",
      "formatInstallTimes",
      "formatTable",
      "groupId",
      "installSbang",
      "installedDependents",
      "isDirectory",
      "isInstalled",
      "isStoreSlow",
      "loadFileLocks",
      "openPackageIndex",
      "openStore",
      "packagePermissions",
      "paddedRootIn",
      "parseDatabase",
      "parseTable",
      "readInstallDatabase",
      "readInstalledSpec",
      "readPackageIndex",
      "registerInstalls",
      "reindexStore",
      "removeInstall",
      "removeTree",
      "sbangLine",
      "scanIndex",
      "storeAt",
      "storeOfInstallTree",
      "sweepStore",
      "unusedRecords",
      "updateInstallDatabase",
      "withUpstreams",
      "withoutPadding",
      "writeInstallTimes",
      "writePrefix",
    ]
  `);
});
