// Options and results of spack-oci cache.

import { expect, it } from "vitest";
import { cacheCommand, renderCache, renderNoCache } from "../../src/commands/cache.js";
import { flagsOf, parse } from "../support/parse.js";

const USAGE = { directory: "/cache", limit: 2000, entries: 1, bytes: 1000 };

it("has these options, in this order", () => {
  expect(flagsOf(cacheCommand)).toEqual(["--clean"]);
});

it("has one option", async () => {
  expect(await parse(cacheCommand)).toEqual({ clean: false });
  expect(await parse(cacheCommand, "--clean")).toEqual({ clean: true });
});

it("shows what the cache holds", () => {
  expect(renderCache({ ...USAGE, clean: false })).toEqual({
    json: { directory: "/cache", limit: 2000, kept: { entries: 1, bytes: 1000 } },
    lines: ["/cache holds 1.0 kB in 1 file (limit: 2.0 kB)."],
    status: 0,
  });
});

it("shows what it removed", () => {
  expect(renderCache({ ...USAGE, entries: 2, clean: true })).toEqual({
    json: { directory: "/cache", limit: 2000, removed: { entries: 2, bytes: 1000 } },
    lines: ["Removed 1.0 kB in 2 files from /cache."],
    status: 0,
  });
});

it("reports a disabled cache", () => {
  expect(renderNoCache()).toEqual({
    json: { directory: null },
    lines: ["The cache is disabled by SPACK_OCI_CACHE, or you have no home directory."],
    status: 0,
  });
});
