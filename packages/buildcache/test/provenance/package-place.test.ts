// A prefix is taken apart into root and projection, with and without the layer's build info.

import { readNode } from "@spack-oci/spack-spec";
import { addPadding } from "@spack-oci/spack-store";
import { describe, expect, it } from "vitest";
import { placeOf } from "../../src/provenance/package-place.js";

const HASH = "abcdefghijklmnopqrstuvwxyz234567";
const node = readNode(
  new Map<string, never>(
    Object.entries({
      name: "margo",
      version: "git.main=0.18",
      arch: new Map(Object.entries({ platform: "linux", platform_os: "debian12", target: "zen3" })),
      namespace: "builtin",
      parameters: new Map(),
      hash: HASH,
    }) as never,
  ),
  5,
);
const OWN = `margo-git.main_0.18-${HASH}`;

function place(prefix: string, root?: string) {
  const install = root === undefined ? undefined : { root, otherPrefixes: [], hasBinaries: true };
  return placeOf({ prefix, install }, node);
}

describe("placeOf", () => {
  it.each([
    [
      `/opt/spack/linux-zen3/${OWN}`,
      "/opt/spack",
      "{architecture.platform}-{architecture.target}/{name}-{version}-{hash}",
    ],
    [`/s/linux-debian12-zen3/gcc-12.2.0/${OWN}`, "/s", "{architecture}/gcc-12.2.0/{name}-{version}-{hash}"],
    [`${addPadding("/s", 90)}/margo/${HASH.slice(0, 7)}`, addPadding("/s", 90), "{name}/{hash:7}"],
  ])("recognizes the root of %s", (prefix, root, projection) => {
    expect(place(prefix)).toMatchObject({ prefix, root, projection, by: "prefix" });
  });

  it.each([undefined, "/opt/margo", `/opt/${OWN}`, "/"])("does not guess the root of %s", (prefix) => {
    expect(placeOf({ prefix, install: undefined }, node)).toBeUndefined();
  });

  it("trusts the layer's build info", () => {
    expect(place(`/a/linux-zen3/${OWN}`, "/a/linux-zen3")).toMatchObject({
      root: "/a/linux-zen3",
      projection: "{name}-{version}-{hash}",
      by: "binary_distribution",
    });
    expect(place(`/a/${OWN}`, "/b")).toBeUndefined();
  });

  it("recognizes padding", () => {
    expect(place(`${addPadding("/s", 128)}/linux-zen3/${OWN}`)).toMatchObject({
      unpaddedRoot: "/s",
      paddedLength: 128,
    });
    expect(place(`/s/linux-zen3/${OWN}`)).toMatchObject({ unpaddedRoot: "/s", paddedLength: undefined });
  });
});
