// Licenses and sources that recipes declare, for the version and the variants of a package.

import { readNode } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { recipeFacts } from "../../src/bills/recipe-facts.js";

const HASH = "rogqmjw524gfubqwri2yjqrbv3hqem3w";
const SHA = "0123456789abcdef".repeat(4);
const COMMIT = "0123456789".repeat(4);

function facts(body: string, version = "1.3", parameters: Record<string, unknown> = {}) {
  const members = { name: "zlib", version, parameters: new Map(Object.entries(parameters)), hash: HASH };
  const node = readNode(new Map(Object.entries(members)) as never, 5);
  const text = `class Zlib(Package):\n${body.replace(/^/gm, "    ")}\n`;
  return recipeFacts(text, node, new Map([[HASH, node]]));
}

describe("licenses", () => {
  it.each([
    ['license("Zlib")', "Zlib"],
    ['license("MIT", when="@2:")\nlicense("Zlib", when="@:1")', "Zlib"],
    ['license("MIT", when="+gpl")\nlicense("Zlib", when="~gpl")', "MIT"],
    ['license("MIT", when="@2:")', undefined],
    ["pass", undefined],
  ])("follow from %j", (body, license) => {
    expect(facts(body, "1.3", { gpl: true }).license).toBe(license);
  });
});

describe("sources", () => {
  it.each([
    [
      `version("1.3", sha256="${SHA}", url="https://a.org/z.tgz")`,
      { url: "https://a.org/z.tgz", sha256: SHA },
    ],
    [`url = "https://a.org/z-1.3.tgz"\nversion("1.3", sha256="${SHA}")`, { url: "https://a.org/z-1.3.tgz" }],
    [`url = "https://a.org/z-1.2.tgz"\nversion("1.3", sha256="${SHA}")`, { url: undefined, sha256: SHA }],
    [
      `git = "https://a.org/z.git"\nversion("1.3", commit="${COMMIT}")`,
      { git: "https://a.org/z.git", commit: COMMIT },
    ],
  ])("follow from %j", (body, source) => {
    expect(facts(body).source).toMatchObject(source);
  });

  it.each(['version("1.2", sha256="x")', 'version("1.3")', 'version("1.3", branch="main")'])(
    "are unknown with %j",
    (body) => {
      expect(facts(body).source).toBeUndefined();
    },
  );

  it("are the commit of a version that is one", () => {
    const { source } = facts('git = "https://a.org/z.git"', `git.${COMMIT}=1.3`);
    expect(source).toMatchObject({ commit: COMMIT, git: "https://a.org/z.git" });
  });
});

it("keeps only addresses that others can open", () => {
  expect(facts('homepage = "https://zlib.net"').homepage).toBe("https://zlib.net/");
  for (const address of ["http://127.0.0.1/x", "file:///x", "not an address", "http://localhost"])
    expect(facts(`homepage = "${address}"`).homepage).toBeUndefined();
});
