// Configured paths become absolute paths as in Spack.

import { describe, expect, it } from "vitest";
import { canonicalizePath, normalizePath, splitUrl } from "../../src/paths/canonicalize.js";
import type { PathContext } from "../../src/paths/variables.js";
import { text } from "../../src/yaml/value.js";

const context: PathContext = {
  spackRoot: "/spack",
  spackVersion: "1.2.0.dev0",
  env: { STORE: "/stores/a" },
  cwd: "/here",
  home: "/home/me",
  host: () => ({ platform: "linux", os: "debian12", target: { name: "zen3", family: "x86_64" } }),
};

describe("canonicalizePath", () => {
  it.each([
    ["a/../b", "/here/b"],
    ["/a//b/", "/a/b"],
    ["~/x", "/home/me/x"],
    ["$spack/opt", "/spack/opt"],
    ["$STORE/opt", "/stores/a/opt"],
    ["$unknown/opt", "/here/$unknown/opt"],
    ["$arch", "/here/linux-debian12-zen3"],
    ["file:///a%20b", "/a b"],
    ["oci://host/$target", "oci://host/zen3"],
  ])("%s becomes %s", (path, expected) => {
    expect(canonicalizePath(path, context)).toBe(expected);
  });

  it("resolves values against the file that contains them", () => {
    expect(canonicalizePath(text("opt", { file: "/etc/spack/config.yaml", line: 3 }), context)).toBe(
      "/etc/spack/opt",
    );
    expect(canonicalizePath(text("opt", { file: "_builtin", line: undefined }), context)).toBe("/here/opt");
  });
});

it("normalizes like Python's os.path.normpath", () => {
  const paths = ["//a/./b", "///a", "../a", "a/..", "/..", ""];
  expect(paths.map(normalizePath)).toEqual(["//a/b", "/a", "../a", ".", "/", "."]);
});

it("splits URLs", () => {
  expect(splitUrl("HTTPS://host/a?b#c")).toEqual({ scheme: "https", path: "/a" });
  expect(splitUrl("/a:b")).toBeUndefined();
});
