// Options and results of spack-oci image.

import type { ImageResult } from "@spack-oci/buildcache";
import { describe, expect, it } from "vitest";
import { imageCommand, renderImage } from "../../src/commands/image.js";
import { descriptor, named, node } from "../support/packages.js";
import { flagsOf, parse } from "../support/parse.js";
import { BY_POLICY, VERIFY_FLAGS } from "../support/signature-options.js";

type PlatformImage = ImageResult["images"][number];

const NAMING = {
  tag: "tools",
  place: "oci://ghcr.io/me",
  formatPlatform: ({ architecture }: PlatformImage["platform"]) => `linux/${architecture}`,
};

const pushed = (letter: string) => ({
  tag: "tools",
  descriptor: descriptor(letter),
  layers: [descriptor("f")],
});

const platformImage = (architecture: string, changes: Partial<PlatformImage> = {}): PlatformImage => ({
  platform: { os: "linux", architecture },
  roots: [node("app")],
  groups: [[node("zlib")], [node("app")]],
  pushed: pushed("a"),
  conflicts: [],
  ...changes,
});

describe("options", () => {
  it("are these, in this order", () => {
    expect(flagsOf(imageCommand)).toEqual([
      "-t, --tag <name>",
      "--lockfile <file>",
      "--all",
      "--base-image <ref>",
      "--platform <platform>",
      "--max-layers <n>",
      "--squash",
      "--view <dir>",
      "--env <name=value>",
      "--label <name=value>",
      "--entrypoint <command>",
      "--cmd <command>",
      "--workdir <dir>",
      "--user <user>",
      "--digests-file <file>",
      ...VERIFY_FLAGS,
      "--dry-run",
    ]);
  });

  it("have defaults", async () => {
    expect(await parse(imageCommand, "m", "-t", "tools")).toEqual({
      mirror: "m",
      specs: [],
      tag: "tools",
      lockfile: undefined,
      all: false,
      baseImage: undefined,
      platform: undefined,
      maxLayers: undefined,
      squash: false,
      view: undefined,
      env: undefined,
      label: undefined,
      entrypoint: undefined,
      cmd: undefined,
      workdir: undefined,
      user: undefined,
      digestsFile: undefined,
      ...BY_POLICY,
      dryRun: false,
    });
  });

  it("take variables, labels, commands and platforms", async () => {
    const args = ["--env", "A=1", "--env", "B=x=y", "--label", "l=", "--platform", "p", "--platform", "q"];
    const commands = ["--entrypoint", "/bin/sh", "--cmd", '["-c", "echo hi"]', "--max-layers", "7"];
    expect(await parse(imageCommand, "m", "-t", "x", ...args, ...commands)).toMatchObject({
      env: new Map([
        ["A", "1"],
        ["B", "x=y"],
      ]),
      label: new Map([["l", ""]]),
      platform: ["p", "q"],
      entrypoint: ["/bin/sh"],
      cmd: ["-c", "echo hi"],
      maxLayers: 7,
    });
  });

  it.each([
    [["m"], "required option '-t, --tag <name>' not specified"],
    [["m", "-t", "x", "--max-layers", "128"], "Expected a whole number from 1 to 127."],
    [["m", "-t", "x", "--max-layers", "7", "--squash"], "cannot be used with option '--squash'"],
    [["m", "-t", "x", "--env", "A"], "Expected NAME=VALUE."],
    [["m", "-t", "x", "--entrypoint", "two words"], "Expected one word or a JSON array"],
  ])("reject %j", async (args, message) => {
    await expect(parse(imageCommand, ...args)).rejects.toThrow(message);
  });
});

describe("an image", () => {
  it("is named with its digest after its content", () => {
    const image = platformImage("amd64");
    const { json, lines, status } = renderImage({ pushed: image.pushed, images: [image] }, NAMING);
    expect(lines).toEqual([
      "linux/amd64 has 2 packages in 2 layers.",
      `oci://ghcr.io/me:tools@${descriptor("a").digest}`,
    ]);
    expect(status).toBe(0);
    const described = { tag: "tools", ...descriptor("a"), layers: [descriptor("f")] };
    expect(json).toEqual({
      image: described,
      platforms: [
        {
          platform: "linux/amd64",
          roots: [named("app")],
          packages: [[named("zlib")], [named("app")]],
          image: described,
          conflicts: [],
        },
      ],
    });
  });

  it("for several platforms is described for each", () => {
    const images = [platformImage("amd64"), platformImage("arm64", { pushed: pushed("b") })];
    const { json, lines } = renderImage({ pushed: pushed("c"), images }, NAMING);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toContain(descriptor("c").digest);
    expect(json).toMatchObject({
      image: descriptor("c"),
      platforms: [{ image: descriptor("a") }, { image: descriptor("b") }],
    });
  });

  it("that is planned is not named", () => {
    const groups = [[node("zlib"), node("app")], [node("old")]];
    const conflicts = [{ path: "bin/x" }] as unknown as PlatformImage["conflicts"];
    const image = platformImage("amd64", { groups, conflicts, pushed: undefined });
    const { json, lines } = renderImage({ pushed: undefined, images: [image] }, NAMING);
    expect(lines).toEqual([
      "linux/amd64 would have 3 packages in 2 layers, 2 of them merged; 1 file left out of the view.",
    ]);
    expect(json).not.toHaveProperty("image");
  });
});
