// What is known of products: few facts, each with its reason in the source.
import { expect, test } from "vitest";
import { apiHost, brokenUploadHint, steadyRate, uploadLimits } from "../../src/http/quirks.js";

test("Docker Hub's API has a host of its own", () => {
  expect(["docker.io", "index.docker.io", "ghcr.io"].map(apiHost)).toEqual([
    "registry-1.docker.io",
    "registry-1.docker.io",
    "ghcr.io",
  ]);
});

test("ghcr.io is asked at a steady rate", () => {
  expect([steadyRate("ghcr.io"), steadyRate("localhost:5000")]).toEqual([25, undefined]);
});

test("lesson 4: ghcr.io takes layers of 10 GB, and uploads of ten minutes", () => {
  expect(uploadLimits("ghcr.io")).toEqual({ bytes: 10 * 1024 ** 3, milliseconds: 10 * 60_000 });
  expect(uploadLimits("localhost:5000")).toEqual({});
});

test("lesson 8: ECR's broken connections have a hint", () => {
  expect(brokenUploadHint("1234.dkr.ecr.eu-west-1.amazonaws.com")).toContain("create it first");
  expect(brokenUploadHint("1234.dkr.ecr.cn-north-1.amazonaws.com.cn")).toContain("create it first");
  expect(brokenUploadHint("dkr.ecr.eu-west-1.amazonaws.com.evil.example")).toBeUndefined();
});
