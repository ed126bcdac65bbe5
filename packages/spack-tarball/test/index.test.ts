// Pins what the package offers.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("offers nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "BUILD_INFO_PATH",
    "PrefixMap",
    "RelocationError",
    "ViewTree",
    "compareFileNames",
    "decodeFileName",
    "decompress",
    "dropRedundantRpaths",
    "encodeFileName",
    "examineMove",
    "fileSystemPath",
    "formatBuildInfo",
    "isWithin",
    "mergeLayers",
    "packMove",
    "packPrefix",
    "packView",
    "parseBuildInfo",
    "readPackagePrefix",
    "readPackageTree",
    "readTar",
    "relocatePrefix",
    "relocationMap",
    "spoolArchive",
    "unpackLayer",
  ]);
});
