// Pins what the package offers; a change here is a change for everybody who uses it.
import { expect, test } from "vitest";
import * as surface from "../src/index.js";

test("the public surface", () => {
  expect(Object.keys(surface).sort()).toMatchInlineSnapshot(`
    [
      "DigestVerifier",
      "ImageLayout",
      "MemoryTarget",
      "RemoteRepository",
      "algorithmOf",
      "bodyOf",
      "chainCredentials",
      "childrenOf",
      "createRegistryClient",
      "defaultCredentials",
      "descriptorOf",
      "digestOf",
      "ensureTag",
      "environmentCredentials",
      "eraseCredential",
      "fetchBytes",
      "fetchManifest",
      "fileCredentials",
      "formatLocation",
      "formatReference",
      "hexOf",
      "isDeleter",
      "isDigest",
      "isImageIndex",
      "isIndexType",
      "isManifestFetcher",
      "isManifestType",
      "isMounter",
      "isTag",
      "isTagLister",
      "manifestFetchLimit",
      "manifestPushLimit",
      "mediaTypes",
      "mirrorCredentials",
      "openTarget",
      "parseDigest",
      "parseLocation",
      "parseManifest",
      "parseReference",
      "pushBytes",
      "storeCredential",
      "verifyCredential",
      "verifying",
    ]
  `);
});
