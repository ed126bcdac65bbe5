// Copies from and to v3 mirrors: their restrictions and results.

import type { UrlCopyResult } from "@spack-oci/buildcache";
import { expect, it } from "vitest";
import {
  type CopyUrlMirrorArguments,
  copyUrlMirror,
  renderUrlCopy,
} from "../../src/commands/copy-url-mirror.js";
import type { CommandContext } from "../../src/declaration/command-context.js";
import { done, failed, failure, named, node, tagOf } from "../support/packages.js";

const ARGUMENTS: CopyUrlMirrorArguments = {
  from: ["a"],
  to: ["b"],
  specs: [],
  withBuildDependencies: true,
  verify: false,
  delete: false,
  dryRun: false,
  fromUrlMirror: true,
  toUrlMirror: false,
};

const result = (changes: Partial<UrlCopyResult> = {}): UrlCopyResult => ({
  plan: { todo: [node("zlib")], present: [node("old")], absent: [] },
  packages: [done("zlib")],
  unverified: [node("zlib")],
  index: undefined,
  ...changes,
});

it.each([
  [{ toUrlMirror: true }, "One of the two mirrors must be a buildcache in a registry or an image layout."],
  [{ from: ["a", "c"] }, "Copies from or to a v3 mirror take one source and one destination."],
  [{ delete: true }, "Copies from or to a v3 mirror support neither --delete nor --verify."],
  [{ verify: true }, "Copies from or to a v3 mirror support neither --delete nor --verify."],
])("rejects %j", async (changes, message) => {
  await expect(copyUrlMirror({ ...ARGUMENTS, ...changes }, {} as CommandContext)).rejects.toMatchObject({
    code: "ERR_USAGE",
    message,
  });
});

it("counts copied packages", () => {
  const { json, lines, status } = renderUrlCopy(result(), "mochi", false);
  expect(lines).toEqual(["Copied 1 of 1 package to mochi; 1 already present."]);
  expect(status).toBe(0);
  expect(json).toEqual({
    planned: [named("zlib")],
    copied: [{ ...named("zlib"), bytes: 1000 }],
    present: [named("old")],
    absent: [],
    unverified: [named("zlib")],
    failed: [],
    skipped: [],
  });
});

it("has the status of its failures", () => {
  expect(renderUrlCopy(result({ packages: [failed("zlib", "corrupt")] }), "m", false)).toMatchObject({
    lines: ["Copied 0 of 1 package to m; 1 already present; 1 failed."],
    status: 5,
  });
  const index = { outcome: "failed", error: failure() } as const;
  expect(renderUrlCopy(result({ index }), "m", false)).toMatchObject({
    lines: [expect.any(String), "Could not write the index: no access"],
    status: 4,
  });
});

it("shows a plan", () => {
  const { lines } = renderUrlCopy(result({ packages: [] }), "mochi", true);
  expect(lines).toEqual([`would copy ${tagOf("zlib").replace(".spack", "")} to mochi`]);
});
