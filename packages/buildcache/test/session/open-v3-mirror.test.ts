// URLs of Spack v3 mirrors: which directory they mean, and errors of our own for those that mean none.

import { expect, it } from "vitest";
import { openV3Mirror, openWritableV3Mirror } from "../../src/session/open-v3-mirror.js";

const context = { direction: "fetch", environment: { SPACK_OCI_CACHE: "off" } } as const;

it.each([
  ["file:///opt/a%20b", "/opt/a b"],
  ["file://localhost/opt/a", "/opt/a"],
  ["/opt/a", "/opt/a"],
])("%s is a directory", (url, directory) => {
  expect(openV3Mirror(url, context).name).toBe(directory);
  expect(openWritableV3Mirror(url).name).toBe(directory);
});

it.each([
  "file://$spack/mirror",
  "file://host/mirror",
  "file://relative",
  "file://",
  "file://[bad/x",
  "file:///a%2Fb",
  "file:///a%",
  "file:///a%00b",
])("%s is not: an error with a place and a hint", (url) => {
  for (const open of [() => openV3Mirror(url, context), () => openWritableV3Mirror(url)]) {
    expect(open).toThrow(
      expect.objectContaining({
        code: "ERR_MIRROR_URL",
        kind: "usage",
        place: url,
        hint: expect.stringContaining("$spack"),
      }),
    );
  }
});

it.each(["https://[bad/x", "s3://bucket/x", "https://"])("%s is not supported", (url) => {
  expect(() => openV3Mirror(url, context)).toThrow(
    expect.objectContaining({ code: "ERR_MIRROR_UNSUPPORTED" }),
  );
});
