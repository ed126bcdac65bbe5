// Facts about products: few, each with its reason in the source.

import { expect, test } from "vitest";
import { knownHost } from "../../src/quirks/known-hosts.js";

test("ghcr.io is asked at a steady rate, and deletes through GitHub's API", () => {
  expect(knownHost("ghcr.io")).toMatchObject({ requestsPerSecond: 25, githubApi: "https://api.github.com" });
  expect(knownHost("GHCR.io")).toBe(knownHost("ghcr.io"));
});

test("lesson 4: ghcr.io accepts layers of 10 GB, and uploads of ten minutes", () => {
  expect(knownHost("ghcr.io")).toMatchObject({ maxBlobSize: 10 * 1024 ** 3, maxUploadTime: 10 * 60_000 });
});

test("lesson 8: ECR's broken connections have a hint", () => {
  const hintFor = (host: string) => knownHost(host).brokenUploadHint;
  expect(hintFor("1234.dkr.ecr.eu-west-1.amazonaws.com")).toContain("Create the repository first");
  expect(hintFor("1234.dkr.ecr.cn-north-1.amazonaws.com.cn")).toContain("Create the repository first");
  expect(hintFor("dkr.ecr.eu-west-1.amazonaws.com.evil.example")).toBeUndefined();
});

test("nothing is known about other hosts", () => {
  expect(knownHost("localhost:5000")).toEqual({});
  expect(knownHost("ghcr.io.evil.example")).toEqual({});
});
