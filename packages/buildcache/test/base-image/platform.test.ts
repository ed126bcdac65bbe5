// Which of a base image's platforms fits the packages.

import type { Descriptor, ImageIndex, Platform } from "@spack-oci/oci-client";
import { describe, expect, it } from "vitest";
import { chooseManifest, requirePlatform } from "../../src/base-image/platform.js";

function indexOf(...platforms: readonly (Platform | undefined)[]): ImageIndex {
  const manifests = platforms.map((platform, at): Descriptor => {
    const descriptor = { mediaType: "", digest: `sha256:${at}`, size: at } as const;
    return platform === undefined ? descriptor : { ...descriptor, platform };
  });
  return { schemaVersion: 2, mediaType: "", manifests } as ImageIndex;
}

const linux = (architecture: string, variant?: string): Platform =>
  variant === undefined ? { os: "linux", architecture } : { os: "linux", architecture, variant };

describe("chooseManifest", () => {
  it("chooses Linux and the architecture of the packages", () => {
    const index = indexOf({ os: "windows", architecture: "amd64" }, linux("arm64"), linux("amd64"));
    expect(chooseManifest(index, "amd64", "base").digest).toBe("sha256:2");
    expect(chooseManifest(index, "arm64", "base").digest).toBe("sha256:1");
  });

  it.each([
    [[linux("arm", "v7"), linux("arm64")], "linux/arm/v7, linux/arm64"],
    [[linux("arm64"), linux("arm64"), { os: "unknown", architecture: "unknown" }], "linux/arm64"],
    [[undefined], "unnamed platforms only"],
  ])("lists the platforms if none fits", (platforms, listed) => {
    expect(() => chooseManifest(indexOf(...platforms), "amd64", "base")).toThrow(
      expect.objectContaining({
        code: "ERR_BASE_IMAGE_PLATFORM",
        kind: "unsupported",
        message: `The base image base is for ${listed}; the packages are for linux/amd64.`,
      }),
    );
  });
});

describe("requirePlatform", () => {
  const config = (os: string, architecture: string) => new Map(Object.entries({ os, architecture }));

  it("accepts the platform of the packages", () => {
    requirePlatform(config("linux", "amd64"), "amd64", "base");
  });

  it.each([
    ["linux", "arm64"],
    ["windows", "amd64"],
  ])("rejects %s/%s", (os, architecture) => {
    expect(() => requirePlatform(config(os, architecture), "amd64", "base")).toThrow(
      expect.objectContaining({ code: "ERR_BASE_IMAGE_PLATFORM", place: "base" }),
    );
  });
});
