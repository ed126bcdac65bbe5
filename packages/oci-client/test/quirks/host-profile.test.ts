// The rule of quirks: settings override what is known, and what is learned starts from settings.

import { expect, test } from "vitest";
import { maxBlobSizeOf, rateLimitOf } from "../../src/quirks/host-profile.js";
import { initialBehavior } from "../../src/quirks/learned-behavior.js";

test("settings override what is known about a host", () => {
  const known = { requestsPerSecond: 25, maxBlobSize: 100 };
  expect(rateLimitOf({ known, settings: {} })).toEqual({ requestsPerSecond: 25 });
  expect(rateLimitOf({ known, settings: { connections: 2, requestsPerSecond: 1 } })).toEqual({
    connections: 2,
    requestsPerSecond: 1,
  });
  expect(maxBlobSizeOf({ known, settings: {} })).toBe(100);
  expect(maxBlobSizeOf({ known, settings: { largestBlob: 200 } })).toBe(200);
  expect(maxBlobSizeOf({ known: {}, settings: {} })).toBe(Number.POSITIVE_INFINITY);
});

test("learning starts from the settings", () => {
  expect(initialBehavior({})).toEqual({
    uploads: { inChunks: false, mountsAnonymously: false, singlePostLimit: 0, streamAttempts: 2 },
    listsReferrers: true,
    servesRanges: true,
  });
  expect(initialBehavior({ chunkedUploads: true, anonymousMount: true, singlePostLimit: 9 }).uploads).toEqual(
    { inChunks: true, mountsAnonymously: true, singlePostLimit: 9, streamAttempts: 0 },
  );
});

test("unfinished blobs are not streamed if a setting needs to know the blob first", () => {
  expect(initialBehavior({ largestBlob: 1 }).uploads.streamAttempts).toBe(0);
  expect(initialBehavior({ anonymousMount: true }).uploads.streamAttempts).toBe(0);
  expect(initialBehavior({ singlePostLimit: 1 }).uploads.streamAttempts).toBe(2);
});
