// Pins the public surface: a change here affects all users of the package.

import { expect, test } from "vitest";
import * as surface from "../src/index.js";

test("the public surface", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "CacheDirectory",
      "ImageLayout",
      "KnownContent",
      "MAX_FETCHED_MANIFEST_SIZE",
      "MEDIA_TYPES",
      "MemoryTarget",
      "bodyOf",
      "cacheDirectory",
      "childrenOf",
      "configDirectory",
      "copyContent",
      "copyImage",
      "copyReferrers",
      "createRegistryClient",
      "dataDirectory",
      "defaultCredentials",
      "descriptorOf",
      "digestOf",
      "ensureTag",
      "eraseCredential",
      "fetchBytes",
      "fetchManifest",
      "formatReference",
      "isBlobStreamer",
      "isContentOpener",
      "isDeleter",
      "isDigest",
      "isDistributable",
      "isImageIndex",
      "isManifestType",
      "isMounter",
      "isProber",
      "isRangeReader",
      "onAbort",
      "openTarget",
      "openUrl",
      "parseLocation",
      "parseManifest",
      "parseReference",
      "pushBytes",
      "readRegistrySettings",
      "readUrl",
      "selectPlatform",
      "sourcesOf",
      "storeCredential",
      "subjectOfTag",
      "verifyCredential",
      "verifying",
    ]
  `);
});
