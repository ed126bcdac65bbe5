// Locations name a repository or a directory; all other texts are clear errors.

import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLocation, parseLocation } from "../../src/reference/location.js";

test.each([
  [
    "oci://ghcr.io/Org/Cache",
    { kind: "registry", scheme: "https", host: "ghcr.io", repository: "org/cache" },
  ],
  [
    "oci://ghcr.io/org/cache/",
    { kind: "registry", scheme: "https", host: "ghcr.io", repository: "org/cache" },
  ],
  [
    "oci+http://localhost:5000/a:t",
    { kind: "registry", scheme: "http", host: "localhost:5000", repository: "a", tag: "t" },
  ],
  ["oci-layout:/some/dir", { kind: "layout", directory: "/some/dir" }],
  ["oci-layout:///some/dir", { kind: "layout", directory: "/some/dir" }],
  ["oci-layout:./with space", { kind: "layout", directory: "./with space" }],
])("%s", (text, location) => {
  expect(parseLocation(text)).toEqual(location);
  expect(parseLocation(formatLocation(parseLocation(text)))).toEqual(location);
});

test.each([
  "https://ghcr.io/org/cache",
  "ghcr.io/org/cache",
  "oci:/x",
  "",
  "oci-layout:",
  "oci://user:secret@ghcr.io/org/cache",
  "oci://ghcr.io/org/cache?x=1",
  "oci://ghcr.io/org/cache#x",
])("rejects %j with a hint", (text) => {
  expect(() => parseLocation(text)).toThrow(
    expect.objectContaining({ kind: "usage", hint: expect.stringContaining("Write oci://") }),
  );
});

test("reports what is missing after a bare host", () => {
  expect(() => parseLocation("oci://1234.dkr.ecr.eu-west-1.amazonaws.com")).toThrow(
    "the repository is missing",
  );
});

test("any text is a location or an error of kind usage", () => {
  fc.assert(
    fc.property(fc.constantFrom("oci://", "oci+http://", "oci-layout:", ""), fc.string(), (scheme, rest) => {
      try {
        parseLocation(scheme + rest);
      } catch (error) {
        expect(error).toMatchObject({ kind: "usage" });
      }
    }),
  );
});
