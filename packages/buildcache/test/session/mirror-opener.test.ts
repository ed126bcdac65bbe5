// What a text means where a mirror or an image is expected.

import { resolve } from "node:path";
import { SpackOciError } from "@spack-oci/errors";
import { MemoryTarget } from "@spack-oci/oci-client";
import type { SpackInstance } from "@spack-oci/spack-config";
import { describe, expect, it } from "vitest";
import { MirrorOpener } from "../../src/session/mirror-opener.js";
import type { SpackLocator } from "../../src/session/spack-locator.js";
import { DirectoryFiles } from "../../src/sources/v3-mirror/directory-files.js";
import { isV3Mirror } from "../../src/verbs/copy/copy-request.js";

const MIRRORS: Record<string, string> = {
  cache: "oci+http://localhost:5000/org/cache",
  directory: "/srv/mirror",
  web: "https://example.com/mirror",
  bucket: "s3://bucket/mirror",
};

const instance = {
  mirrors: () =>
    Object.entries(MIRRORS).map(([name, url]) => ({
      name,
      connection: () => ({ url, missingVariables: [] }),
    })),
  configuration: { get: () => undefined },
} as unknown as SpackInstance;

const withoutMirrors = { mirrors: () => [], configuration: { get: () => undefined } };

function opener(spack: "with Spack" | "without Spack", environment: NodeJS.ProcessEnv = {}): MirrorOpener {
  const missing = new SpackOciError("ERR_SPACK_NOT_FOUND", "no Spack", { kind: "usage" });
  const locator = {
    get instance(): SpackInstance {
      if (spack === "without Spack") throw missing;
      return instance;
    },
    instanceIfAny: spack === "without Spack" ? undefined : instance,
    configuration: spack === "without Spack" ? withoutMirrors : instance,
  } as unknown as SpackLocator;
  return new MirrorOpener({ SPACK_OCI_CACHE: "off", ...environment }, locator, { cache: undefined });
}

describe("a source of a copy", () => {
  it.each([
    ["/srv/x", "/srv/x"],
    ["./x", resolve("x")],
    ["../x", resolve("..", "x")],
    [".", resolve(".")],
    ["..", resolve("..")],
    ["file:///srv/x", "/srv/x"],
  ])("%s is a directory", (text, name) => {
    const source = opener("without Spack").openSource(text);
    expect(source).toBeInstanceOf(DirectoryFiles);
    expect(source.name).toBe(name);
  });

  it.each(["https://example.com/x", "http://example.com:8080/x"])(
    "%s is a v3 mirror on a web server",
    (url) => {
      const source = opener("without Spack").openSource(url);
      expect(isV3Mirror(source)).toBe(true);
      expect(source).not.toBeInstanceOf(DirectoryFiles);
      expect(source.name).toContain(new URL(url).host);
    },
  );

  it.each(["oci://localhost:5000/x", "oci+http://localhost:5000/x", "oci-layout:x", "oci-layout:/x"])(
    "%s is a buildcache",
    (location) => {
      expect(isV3Mirror(opener("without Spack").openSource(location))).toBe(false);
    },
  );

  // A forgotten oci:// must never turn into a directory.
  it.each(["cache", "a/b", "ghcr.io/org/cache", "localhost:5000/x", ".hidden", "~/x", ""])(
    "%j is a name",
    (text) => {
      expect(() => opener("without Spack").openSource(text)).toThrow(
        expect.objectContaining({
          code: "ERR_MIRROR_UNKNOWN",
          kind: "usage",
          message: `${JSON.stringify(text)} is not a mirror URL, and no Spack installation was found to look it up by name.`,
        }),
      );
    },
  );

  it("is what a configured mirror is at", () => {
    const { openSource } = bound(opener("with Spack"));
    expect(openSource("cache").name).toBe(MIRRORS["cache"]);
    expect(openSource("directory")).toBeInstanceOf(DirectoryFiles);
    expect(isV3Mirror(openSource("web"))).toBe(true);
    expect(() => openSource("bucket")).toThrow(expect.objectContaining({ code: "ERR_MIRROR_UNSUPPORTED" }));
  });

  it("is unknown if no mirror has the name, with the names that exist", () => {
    expect(() => opener("with Spack").openSource("nowhere")).toThrow(
      expect.objectContaining({
        code: "ERR_MIRROR_UNKNOWN",
        message: "No mirror is named nowhere.",
        hint: expect.stringContaining("cache, directory, web, bucket"),
      }),
    );
  });

  it.each(["s3://bucket/x", "https://", "ftp://example.com/x"])("cannot be %s", (url) => {
    expect(() => opener("without Spack").openSource(url)).toThrow(
      expect.objectContaining({ code: "ERR_MIRROR_UNSUPPORTED", kind: "unsupported", place: url }),
    );
  });
});

describe("a destination of a copy", () => {
  it("is a buildcache or a directory", () => {
    const { openDestination } = bound(opener("with Spack"));
    expect(openDestination("./x")).toBeInstanceOf(DirectoryFiles);
    expect(openDestination("directory").name).toBe("/srv/mirror");
    expect(isV3Mirror(openDestination("cache"))).toBe(false);
  });

  it.each(["https://example.com/x", "web", "s3://bucket/x"])("cannot be %s", (text) => {
    expect(() => opener("with Spack").openDestination(text)).toThrow(
      expect.objectContaining({
        code: "ERR_MIRROR_UNSUPPORTED",
        message: expect.stringContaining("only directories can be written"),
      }),
    );
  });
});

describe("a buildcache", () => {
  it("cannot be a v3 mirror, by name or by URL", () => {
    expect(() => opener("with Spack").open("directory", "fetch")).toThrow(
      expect.objectContaining({
        code: "ERR_MIRROR_UNSUPPORTED",
        message: "The mirror directory is at /srv/mirror, which is not an OCI buildcache.",
      }),
    );
    expect(() => opener("without Spack").open("https://example.com/x", "fetch")).toThrow(
      expect.objectContaining({ kind: "usage" }),
    );
  });
});

describe("an image to build on", () => {
  const mirror = new MemoryTarget("mirror");
  it.each([
    ["ubuntu:22.04", "22.04", "index.docker.io/library/ubuntu:22.04"],
    ["oci-layout:base:v1", "v1", undefined],
  ])("%s has a reference and a name", (text, reference, fullName) => {
    expect(opener("without Spack").openImage(text, mirror)).toMatchObject({ reference, fullName });
  });
});

describe("the destination of an image", () => {
  it("is a tag of the buildcache, or another image", () => {
    const mirrors = opener("without Spack");
    const own = mirrors.openImageDestination("oci-layout:cache", "app");
    expect(own).toMatchObject({ tag: "app" });
    expect(own.destination).toBeUndefined();
    const other = mirrors.openImageDestination("oci-layout:cache", "oci-layout:images:v1");
    expect(other.tag).toBe("v1");
    expect(other.destination?.name).toContain("images");
  });

  it("cannot be a digest", () => {
    const name = `ghcr.io/x/y@sha256:${"0".repeat(64)}`;
    expect(() => opener("without Spack").openImageDestination("oci-layout:cache", name)).toThrow(
      expect.objectContaining({ code: "ERR_IMAGE_NAME", hint: "Use a tag." }),
    );
  });
});

describe("sources for reuse", () => {
  it("need a cache", () => {
    expect(opener("without Spack").reuseSources(new MemoryTarget())).toBeUndefined();
  });
});

function bound(mirrors: MirrorOpener) {
  return {
    openSource: (text: string) => mirrors.openSource(text),
    openDestination: (text: string) => mirrors.openDestination(text),
  };
}
