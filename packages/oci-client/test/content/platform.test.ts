// The right image for a machine, or none, but never a wrong one.

import { expect, test } from "vitest";
import { digestOf } from "../../src/content/digest.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";
import { selectPlatform } from "../../src/content/platform.js";

const listed = (os: string, architecture: string, variant?: string) => ({
  mediaType: MEDIA_TYPES.ociManifest,
  digest: digestOf(`${os}/${architecture}/${variant}`),
  size: 1,
  platform: { os, architecture, ...(variant && { variant }) },
});
const attestation = listed("unknown", "unknown");
const index = {
  schemaVersion: 2 as const,
  manifests: [
    { mediaType: "x", digest: digestOf("no platform"), size: 1 },
    attestation,
    listed("windows", "amd64"),
    listed("linux", "arm", "v7"),
    listed("linux", "arm", "v6"),
    listed("linux", "arm64", "v8"),
    listed("linux", "amd64", "v3"),
    listed("linux", "amd64"),
  ],
};

test.each([
  ["linux", "amd64", undefined, "linux/amd64/undefined"],
  ["linux", "amd64", "v3", "linux/amd64/v3"],
  ["linux", "amd64", "v2", "linux/amd64/undefined"],
  ["linux", "arm64", undefined, "linux/arm64/v8"],
  ["linux", "arm", undefined, "linux/arm/v7"],
  ["linux", "arm", "v6", "linux/arm/v6"],
  ["windows", "amd64", undefined, "windows/amd64/undefined"],
])("%s %s %s", (os, architecture, variant, expected) => {
  const found = selectPlatform(index, { os, architecture, ...(variant && { variant }) });
  expect(found?.digest).toBe(digestOf(expected));
});

test.each([
  ["linux", "ppc64le", undefined],
  ["linux", "arm", "v5"],
  ["darwin", "arm64", undefined],
])("nothing matches %s %s %s", (os, architecture, variant) => {
  expect(selectPlatform(index, { os, architecture, ...(variant && { variant }) })).toBeUndefined();
});
