// Pins what the package offers.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("offers nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "BUILD_INFO_PATH",
    "PrefixMap",
    "RelocationError",
    "compareFileNames",
    "decodeFileName",
    "decompress",
    "dropRedundantRpaths",
    "encodeFileName",
    "fileSystemPath",
    "formatBuildInfo",
    "packPrefix",
    "parseBuildInfo",
    "readTar",
    "relocatePrefix",
    "relocationMap",
    "spoolGzip",
    "unpackLayer",
  ]);
});
