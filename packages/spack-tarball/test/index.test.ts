// Pins the exports of the package.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("exports nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "COMPRESSIONS",
    "DEFAULT_COMPRESSION",
    "PrefixMap",
    "ProvenanceReader",
    "RelocationError",
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
    "unpackInMemory",
    "unpackLayer",
    "whyBlocked",
    "withText",
  ]);
});
