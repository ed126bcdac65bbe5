// Foreign manifests are validated; those of a real Spack are valid.

import fc from "fast-check";
import { expect, test } from "vitest";
import { digestOf } from "../../src/content/digest.js";
import { childrenOf, isImageIndex, manifestMediaType, parseManifest } from "../../src/content/manifest.js";
import { MEDIA_TYPES } from "../../src/content/media-types.js";

const child = { mediaType: "x/y", digest: digestOf("x"), size: 1 };
const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

test("distinguishes an image from an index", () => {
  const image = parseManifest(bytes({ schemaVersion: 2, config: child, layers: [child] }), "p");
  const index = parseManifest(bytes({ schemaVersion: 2, manifests: [child] }), "p");
  expect([isImageIndex(image), isImageIndex(index)]).toEqual([false, true]);
  expect(childrenOf(image)).toEqual([child, child]);
  expect(childrenOf(index)).toEqual([child]);
  expect(manifestMediaType(image)).toBe(MEDIA_TYPES.ociManifest);
  expect(manifestMediaType(index)).toBe(MEDIA_TYPES.ociIndex);
  expect(manifestMediaType(image, `${MEDIA_TYPES.dockerManifest}; charset=utf-8`)).toBe(
    MEDIA_TYPES.dockerManifest,
  );
  expect(manifestMediaType(image, "text/plain")).toBe(MEDIA_TYPES.ociManifest);
});

test.each([
  ["<html>", "not JSON"],
  ["[]", "not a JSON object"],
  [{ schemaVersion: 1 }, "schemaVersion is 1"],
  [{ schemaVersion: 2 }, "neither layers nor manifests"],
  [{ schemaVersion: 2, layers: [], config: null }, "no media type"],
  [
    { schemaVersion: 2, layers: [{ ...child, digest: "sha256:../../etc" }], config: child },
    "is not a digest",
  ],
  [{ schemaVersion: 2, layers: [{ ...child, size: -1 }], config: child }, "is not a size"],
  [{ schemaVersion: 2, manifests: [{ ...child, size: "1" }] }, "is not a size"],
])("%j is corrupt", (value, why) => {
  expect(() => parseManifest(bytes(value), "here")).toThrow(why);
  expect(() => parseManifest(bytes(value), "here")).toThrow(expect.objectContaining({ kind: "corrupt" }));
});

test("any JSON is a manifest or an error of kind corrupt", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      try {
        parseManifest(bytes(json), "here");
      } catch (error) {
        expect(error).toMatchObject({ kind: "corrupt" });
      }
    }),
  );
});
