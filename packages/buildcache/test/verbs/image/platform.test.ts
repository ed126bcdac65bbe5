// Platforms as container engines write them, and which packages fit them.

import { describe, expect, it } from "vitest";
import { fitsPlatform, formatPlatform, parsePlatform } from "../../../src/verbs/image/platform.js";
import { node } from "../../support/nodes.js";

function isForText(target: string, platform: string): boolean {
  const architecture = { platform: "linux", os: "debian12", target, targetJson: target };
  return fitsPlatform({ ...node("app"), architecture }, parsePlatform(platform));
}

describe("a platform", () => {
  it.each(["linux/amd64", "linux/amd64/v3", "linux/ppc64le"])("%s is parsed and formatted", (text) => {
    expect(formatPlatform(parsePlatform(text))).toBe(text);
  });

  it.each(["windows/amd64", "linux", "linux/", "amd64", "linux/amd64/", "linux/amd64/v3/x", ""])(
    "%j is rejected",
    (text) => {
      expect(() => parsePlatform(text)).toThrow(
        expect.objectContaining({ code: "ERR_PLATFORM", kind: "usage" }),
      );
    },
  );

  it.each([
    ["x86_64", "linux/amd64", true],
    ["zen4", "linux/amd64", true],
    ["x86_64", "linux/amd64/v1", true],
    ["x86_64_v3", "linux/amd64/v3", true],
    ["zen2", "linux/amd64/v3", true],
    ["zen2", "linux/amd64/v2", false],
    ["zen4", "linux/amd64/v4", true],
    ["aarch64", "linux/amd64", false],
    ["neoverse_v1", "linux/arm64", true],
    ["neoverse_v1", "linux/arm64/v8", true],
    ["neoverse_v1", "linux/arm64/v9", false],
    ["power9le", "linux/ppc64le", true],
  ])("of a package for %s fits %s: %s", (target, platform, expected) => {
    expect(isForText(target, platform)).toBe(expected);
  });
});
