// Configured mirrors of which some have an invalid URL, and locations without a scheme.

import { isSpackOciError } from "@spack-oci/errors";
import type { UserConfiguration } from "@spack-oci/spack-config";
import { describe, expect, it } from "vitest";
import { nameWithoutSpack, openLocation, openNamedMirror } from "../../src/session/open-mirror.js";

const urls = {
  good: "oci+http://localhost:5000/org/cache",
  bad: "oci://",
  bare: `file://${process.cwd()}/ghcr.io/org/cache`,
  path: "file:///opt/mirror",
};
const configured = {
  mirrors: () => Object.entries(urls).map(([name, url]) => ({ name, connection: () => ({ url }) })),
  configuration: { get: () => undefined },
} as unknown as UserConfiguration;
const context = { direction: "fetch", environment: { SPACK_OCI_CACHE: "off" }, configured } as const;

it("an invalid URL is reported with the mirror's name", () => {
  expect(() => openNamedMirror("bad", context)).toThrow(
    expect.objectContaining({
      kind: "usage",
      place: "bad",
      message: expect.stringContaining("mirror bad is at oci://"),
    }),
  );
});

it("and does not affect other mirrors", () => {
  expect(openNamedMirror("good", context).name).toBe(urls.good);
  expect(openLocation("oci+http://localhost:5000/org/other", context).name).toContain("org/other");
});

function hintOf(open: () => unknown): string | undefined {
  try {
    open();
  } catch (error) {
    if (isSpackOciError(error)) return error.hint;
    throw error;
  }
  throw new Error("it was opened");
}

describe("a location without its scheme", () => {
  it.each(["ghcr.io/org/cache", "localhost:5000/org/cache", "localhost/x", "my-host.example:80/a/b"])(
    "%s is recognized",
    (name) => {
      const question = `Did you mean oci://${name}?`;
      expect(hintOf(() => openNamedMirror(name, context))).toContain(question);
      expect(nameWithoutSpack(name, [], undefined).hint).toContain(question);
    },
  );

  it.each(["mochi", "ghcr.io", "a/b", "alice:secret@ghcr.io/org", "team:cache/x"])(
    "%s may be anything",
    (name) => {
      expect(nameWithoutSpack(name, [], undefined).hint).not.toContain("Did you mean");
    },
  );

  it.each(["./layout", "../layout", "/opt/layout", "~/layout"])("%s may be an image layout", (name) => {
    expect(nameWithoutSpack(name, [], undefined).hint).toContain(`Did you mean oci-layout:${name}?`);
  });

  it("is recognized as a mirror's URL, which Spack takes for a path", () => {
    expect(hintOf(() => openNamedMirror("bare", context))).toContain("Did you mean oci://ghcr.io/org/cache?");
    expect(hintOf(() => openNamedMirror("path", context))).not.toContain("Did you mean");
  });
});
