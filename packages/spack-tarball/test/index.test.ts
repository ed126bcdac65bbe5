// Pins the exports of the package.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("exports nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "ArrivingRelocation",
    "COMPRESSIONS",
    "DEFAULT_COMPRESSION",
    "PrefixMap",
    "ProvenanceReader",
    "RelocationError",
    "RunPaths",
    "ViewTree",
    "compressArchive",
    "compressionOf",
    "compressionOfMediaType",
    "decompress",
    "decompressWhole",
    "examineMove",
    "isWithin",
    "lookUpInMemory",
    "mergeLayers",
    "packAtOnce",
    "packMove",
    "packPrefix",
    "packView",
    "parseBuildInfo",
    "provenanceAtEnd",
    "provenanceAtStart",
    "readPackageTree",
    "readProvenance",
    "readProvenanceAtStart",
    "readTar",
    "redundantRpathDropper",
    "relocateCopy",
    "relocateInMemory",
    "relocatePrefix",
    "relocatedTarget",
    "relocationMap",
    "spoolArchive",
    "streamPackage",
    "unpackInMemory",
    "unpackLayer",
    "whyBlocked",
    "withText",
  ]);
});
