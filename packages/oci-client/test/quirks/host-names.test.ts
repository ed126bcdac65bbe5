// The several names of one host.

import { expect, test } from "vitest";
import { apiHost, credentialServer, isSameHost, namesOf } from "../../src/quirks/host-names.js";

test("Docker Hub's API has a host of its own", () => {
  expect(["docker.io", "index.docker.io", "ghcr.io"].map(apiHost)).toEqual([
    "registry-1.docker.io",
    "registry-1.docker.io",
    "ghcr.io",
  ]);
});

test("Docker Hub has several names, and every other host one", () => {
  expect(namesOf("registry-1.docker.io")).toEqual(["docker.io", "index.docker.io", "registry-1.docker.io"]);
  expect(namesOf("localhost:5000")).toEqual(["localhost:5000"]);
  expect(credentialServer("docker.io")).toBe("https://index.docker.io/v1/");
  expect(credentialServer("localhost:5000")).toBe("localhost:5000");
});

test("hosts are compared without case, default ports and Docker Hub's aliases", () => {
  expect(isSameHost("docker.io", "Registry-1.Docker.io:443")).toBe(true);
  expect(isSameHost("GHCR.io", "ghcr.io:443")).toBe(true);
  expect(isSameHost("localhost:5000", "localhost")).toBe(false);
  expect(isSameHost("ghcr.io", "docker.io")).toBe(false);
});
