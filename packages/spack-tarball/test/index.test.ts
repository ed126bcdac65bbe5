// Pins what the package offers.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("offers nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "OriginReader",
    "PrefixMap",
    "RelocationError",
    "ViewTree",
    "compareFileNames",
    "compressionOf",
    "decodeFileName",
    "decompress",
    "encodeFileName",
    "examineMove",
    "fileSystemPath",
    "formatBuildInfo",
    "isWithin",
    "mergeLayers",
    "originAtEnd",
    "originAtStart",
    "packMove",
    "packPrefix",
    "packView",
    "parseBuildInfo",
    "readOrigin",
    "readOriginAtStart",
    "readPackageTree",
    "readTar",
    "redundantRpathDropper",
    "relocatePrefix",
    "relocationMap",
    "spoolArchive",
    "unpackLayer",
  ]);
});
