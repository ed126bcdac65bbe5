// Which media types are manifests, and which of these are indexes.

import { expect, test } from "vitest";
import {
  bareMediaType,
  isIndexType,
  isManifestType,
  MANIFEST_ACCEPT,
  MEDIA_TYPES,
} from "../../src/content/media-types.js";

test("manifests are images and indexes, of OCI and of Docker", () => {
  const manifests = Object.entries(MEDIA_TYPES).filter(([, type]) => isManifestType(type));
  expect(manifests.map(([name]) => name)).toEqual([
    "ociManifest",
    "ociIndex",
    "dockerManifest",
    "dockerIndex",
  ]);
  expect(manifests.filter(([, type]) => isIndexType(type)).map(([name]) => name)).toEqual([
    "ociIndex",
    "dockerIndex",
  ]);
});

test("the Accept header has all manifest types, images first", () => {
  expect(MANIFEST_ACCEPT.split(", ")).toEqual([
    MEDIA_TYPES.ociManifest,
    MEDIA_TYPES.dockerManifest,
    MEDIA_TYPES.ociIndex,
    MEDIA_TYPES.dockerIndex,
  ]);
});

test("a media type is compared without parameters and case", () => {
  expect(bareMediaType("Application/JSON; charset=utf-8")).toBe("application/json");
  expect(bareMediaType("")).toBe("");
});
