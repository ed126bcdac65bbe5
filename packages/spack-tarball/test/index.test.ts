// Pins the exports of the package.

import { expect, it } from "vitest";
import * as api from "../src/index.js";

it("exports nothing else by accident", () => {
  expect(Object.keys(api).sort()).toEqual([
    "COMPRESSIONS",
    "DEFAULT_COMPRESSION",
    "PrefixMap",
    "ProvenanceReader",
    "ViewTree",
    "compressArchive",
    "compressionOf",
    "compressionOfMediaType",
    "decompress",
    "examineMove",
    "isWithin",
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
    "relocatePrefix",
    "relocatedTarget",
    "relocationMap",
    "spoolArchive",
    "unpackLayer",
    "whyBlocked",
  ]);
});
