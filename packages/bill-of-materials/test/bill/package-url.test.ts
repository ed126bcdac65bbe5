// Package URLs, compared with the examples of purl-spec.

import { PackageURL } from "packageurl-js";
import { expect, it } from "vitest";
import { imageUrl, packageUrl } from "../../src/bill/package-url.js";
import { readSpec } from "../example.js";

it("contains the namespace, the version and the DAG hash", () => {
  const node = { ...readSpec().root, name: "gmake", namespace: "mochi", version: "4.4.1" };
  const hash = "os2kltnpbfyz7yxpdaoxtbzocsp223q3";
  expect(packageUrl({ ...node, hash })).toBe(`pkg:spack/mochi/gmake@4.4.1?daghash=${hash}`);
});

it("encodes versions that are Git references", () => {
  const url = packageUrl({ ...readSpec().root, version: "git.feature/a=1.0" });
  expect(PackageURL.fromString(url).version).toBe("git.feature/a=1.0");
  expect(url).toContain("@git.feature%2Fa%3D1.0?");
});

it("names an image by its digest, with the repository and the tag", () => {
  const digest = `sha256:${"244fd47e07d10".padEnd(64, "0")}`;
  const url = imageUrl({ repository: "docker.io/library/debian", tag: "latest", digest });
  expect(decodeURIComponent(url)).toBe(
    `pkg:oci/debian@${digest}?repository_url=docker.io/library/debian&tag=latest`,
  );
});
