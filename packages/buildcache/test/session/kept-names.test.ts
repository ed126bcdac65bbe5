// The names of packages that completion offers.

import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CacheDirectory } from "@spack-oci/oci-client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepNames, keptNames } from "../../src/session/kept-names.js";

const zlib = { name: "zlib", version: "1.3.1", hash: "abcdefghijklmnopqrstuvwxyz234567" };
/** An index that lists these packages. */
const listing = (...packages: readonly (typeof zlib)[]) => ({ digest: JSON.stringify(packages), packages });
let directory: string;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "spack-oci-names-"));
  environment = { SPACK_OCI_CACHE: directory };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

it("are kept for each buildcache", () => {
  keepNames(environment, "oci://a/x", listing(zlib));
  keepNames(environment, "oci://a/y", listing());
  expect(keptNames(environment, "oci://a/x")).toEqual([zlib]);
  expect(keptNames(environment, "oci://a/y")).toEqual([]);
  expect(keptNames(environment, "oci://a/z")).toEqual([]);
  keepNames(environment, "oci://a/x", listing({ ...zlib, version: "2" }));
  expect(keptNames(environment, "oci://a/x")).toEqual([{ ...zlib, version: "2" }]);
});

it("are collected once for each index", () => {
  let collected = 0;
  const counted = {
    ...zlib,
    get name() {
      collected += 1;
      return "zlib";
    },
  };
  keepNames(environment, "oci://a/x", { digest: "sha256:1", packages: [counted] });
  keepNames(environment, "oci://a/x", { digest: "sha256:1", packages: [counted] });
  expect(collected).toBe(1);
  keepNames(environment, "oci://a/x", { digest: "sha256:11", packages: [counted] });
  expect(collected).toBe(2);
  expect(keptNames(environment, "oci://a/x")).toEqual([zlib]);
});

it("are part of what the cache clears", async () => {
  keepNames(environment, "oci://a/x", listing(zlib));
  expect(await new CacheDirectory(directory).clear()).toMatchObject({ entries: 1 });
  expect(readdirSync(directory)).toEqual([]);
});

it("are not kept without a cache, and a damaged file counts as nothing", () => {
  keepNames({ SPACK_OCI_CACHE: "off" }, "oci://a/x", listing(zlib));
  expect(keptNames({ SPACK_OCI_CACHE: "off" }, "oci://a/x")).toEqual([]);
  keepNames(environment, "oci://a/x", listing(zlib));
  const [file = ""] = readdirSync(directory);
  writeFileSync(join(directory, file), "{");
  expect(keptNames(environment, "oci://a/x")).toEqual([]);
});

it("fail silently where nothing can be written", () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  chmodSync(file, 0o400);
  keepNames({ SPACK_OCI_CACHE: join(file, "below") }, "oci://a/x", listing(zlib));
  expect(readdirSync(directory)).toEqual(["file"]);
});
