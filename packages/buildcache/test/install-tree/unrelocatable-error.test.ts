// The report of packages that cannot be relocated, and its advice.

import type { RelocationProblem } from "@spack-oci/spack-tarball";
import { describe, expect, it } from "vitest";
import { installTree } from "../../src/install-tree/install-tree.js";
import type { RelocatedPackage } from "../../src/install-tree/relocated-package.js";
import { blockedPackage, unrelocatable } from "../../src/install-tree/unrelocatable-error.js";
import { node } from "../support/nodes.js";

const tree = installTree({ root: "/opt/software" });

function problem(reason: RelocationProblem["reason"], file = "bin/app"): RelocationProblem {
  return {
    file,
    offset: 17,
    reason,
    oldPrefix: "/s/app",
    newPrefix: "/opt/software/app",
    found: "/s/app/share",
  };
}

function scanned(name: string, ...problems: readonly RelocationProblem[]): RelocatedPackage {
  return { node: node(name), move: { from: { buildPath: "/s" } }, problems } as unknown as RelocatedPackage;
}

it("is undefined if every package can be relocated", () => {
  expect(unrelocatable(tree, [scanned("a"), scanned("b")])).toBeUndefined();
});

describe("the report", () => {
  it("lists every package, file, offset and string", () => {
    const error = unrelocatable(tree, [
      scanned("a", problem("cannot-grow"), problem("cannot-shrink", "lib/x.so")),
      scanned("b"),
      scanned("c", problem("cannot-grow")),
    ]);
    expect(error).toMatchObject({ code: "ERR_UNRELOCATABLE", kind: "failed", place: "/opt/software" });
    expect(error?.message.split("\n")).toEqual([
      "2 packages have no room for paths below /opt/software:",
      "a@1/aaaaaaa, below /s:",
      "  bin/app, byte 17: /s/app/share (needs 17 bytes, has 6)",
      "  lib/x.so, byte 17: /s/app/share (17 bytes replace 6, but end differently, and other strings may share the end)",
      "c@1/caaaaaa, below /s:",
      "  bin/app, byte 17: /s/app/share (needs 17 bytes, has 6)",
    ]);
  });

  it("advises to rebuild with padding, or to use a shorter root", () => {
    const error = unrelocatable(tree, [scanned("a", problem("cannot-grow"))]);
    expect(error?.message).toMatch(/^1 package has no room/);
    expect(error?.hint).toBe(
      "Rebuild them with config:install_tree:padded_length of at least 21, or use a buildcache whose root has at most 2 bytes (this one has --relocate-to /opt/software).",
    );
  });

  it("does not advise a shorter root if that would not help", () => {
    const error = unrelocatable(tree, [scanned("a", problem("cannot-shrink"))]);
    expect(error?.hint).not.toContain("at most");
  });
});

it("each package has an error of its own, which refers to the report", () => {
  const error = unrelocatable(tree, [scanned("a", problem("cannot-grow"), problem("cannot-grow"))]);
  const [blocked] = error?.packages ?? [];
  if (blocked === undefined) throw new Error("no package");
  expect(blockedPackage(blocked)).toMatchObject({
    code: "ERR_RELOCATION_BLOCKED",
    message: "2 strings in 1 file of a@1/aaaaaaa cannot be relocated.",
    place: "a@1/aaaaaaa",
  });
});
