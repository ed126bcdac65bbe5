// Configured mirrors of which some have an invalid URL.

import type { SpackInstance } from "@spack-oci/spack-config";
import { expect, it } from "vitest";
import { openLocation, openNamedMirror } from "../../src/session/open-mirror.js";

const urls = { good: "oci+http://localhost:5000/org/cache", bad: "oci://" };
const instance = {
  mirrors: () => Object.entries(urls).map(([name, url]) => ({ name, connection: () => ({ url }) })),
  configuration: { get: () => undefined },
} as unknown as SpackInstance;
const context = { direction: "fetch", environment: { SPACK_OCI_CACHE: "off" }, instance } as const;

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
