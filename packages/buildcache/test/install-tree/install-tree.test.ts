// The install tree of a buildcache: its constraints, the prefixes in it, and how it is stored.

import { describe, expect, it } from "vitest";
import {
  describeInstallTree,
  installTree,
  isSameInstallTree,
  prefixInTree,
} from "../../src/install-tree/install-tree.js";
import {
  formatInstallTreeAnnotations,
  parseInstallTreeAnnotations,
  treeFromJson,
  treeToJson,
} from "../../src/install-tree/tree-annotations.js";
import { fixtureSpecs } from "../support/image.js";

const projections = new Map([
  ["json-c-lite", "libs/{name}-{hash:7}"],
  ["all", "{name}/{version}-{hash}"],
]);
const padded = installTree({ root: "/opt/spack", paddedLength: 64, projections });

describe("an install tree", () => {
  it("pads its root, and has its sbang outside of the padding", () => {
    expect(padded.store.root).toHaveLength(64);
    expect(padded.store.root).toMatch(/^\/opt\/spack\/__spack_path_placeholder__\//);
    expect(padded.store.sbangPath).toBe("/opt/spack/bin/sbang");
    expect(installTree({ root: "/opt//spack/" }).store.root).toBe("/opt/spack");
  });

  it("gives every package a prefix", async () => {
    for (const { root: node, graph } of (await fixtureSpecs()).values()) {
      const { name, hash } = node;
      const version = node.version.replace("=", "_");
      const path = name === "json-c-lite" ? `libs/${name}-${hash.slice(0, 7)}` : `${name}/${version}-${hash}`;
      expect(prefixInTree(padded, graph, node)).toBe(`${padded.store.root}/${path}`);
      expect(prefixInTree(installTree({ root: "/opt/spack" }), graph, node)).toBe(
        `/opt/spack/linux-x86_64_v3/${name}-${version}-${hash}`,
      );
    }
  });

  it.each(["opt/spack", "", "/", "//", "/..", "/opt/my spack", "/opt:spack", "/opt/spack\n"])(
    "rejects the root %j",
    (root) => {
      expect(() => installTree({ root })).toThrow(expect.objectContaining({ code: "ERR_CANONICAL_TREE" }));
    },
  );

  it("rejects a root whose sbang is too long for an interpreter line, and invalid projections", () => {
    expect(() => installTree({ root: `/${"a".repeat(130)}` })).toThrow(
      expect.objectContaining({ code: "ERR_SBANG_PATH" }),
    );
    expect(() => installTree({ root: "/opt", projections: new Map([["a@@", "{name}"]]) })).toThrow();
  });

  it("rejects projections that lead out of the tree", async () => {
    const tree = installTree({ root: "/opt/spack", projections: new Map([["all", "../{name}"]]) });
    const [{ root: node, graph }] = [...(await fixtureSpecs()).values()] as [never];
    expect(() => prefixInTree(tree, graph, node)).toThrow(
      expect.objectContaining({ code: "ERR_CANONICAL_TREE", kind: "usage" }),
    );
  });

  it("equals another one if every package has the same prefix", () => {
    const tree = (root: string, paddedLength?: number) => installTree({ root, paddedLength });
    expect(isSameInstallTree(tree("/opt/spack/", 10), tree("/opt/spack"))).toBe(true);
    expect(isSameInstallTree(tree("/opt/spack", 64), tree("/opt/spack"))).toBe(false);
    expect(isSameInstallTree(tree("/opt/spack", 64), padded)).toBe(false);
    // The same padded root, with its sbang elsewhere.
    expect(isSameInstallTree(tree("/opt/__spack_path_placeholder__"), tree("/opt", 31))).toBe(false);
  });

  it("is described by its command-line options", () => {
    expect(describeInstallTree(padded)).toBe(
      "--relocate-to /opt/spack --padded-length 64 --projection 'json-c-lite=libs/{name}-{hash:7}' --projection 'all={name}/{version}-{hash}'",
    );
    expect(describeInstallTree(installTree({ root: "/opt/spack" }))).toBe("--relocate-to /opt/spack");
  });
});

describe("annotations", () => {
  it.each([padded, installTree({ root: "/opt/spack" })])("survive a round trip", (tree) => {
    const others: [string, string][] = [["org.opencontainers.image.title", "an index"]];
    const read = parseInstallTreeAnnotations(
      new Map([...others, ...formatInstallTreeAnnotations(tree)]),
      "m:index.spack",
    );
    expect(read).toEqual(tree);
    expect(treeFromJson(treeToJson(tree), "mirrors.json")).toEqual(tree);
    expect(parseInstallTreeAnnotations(new Map(others), "m:index.spack")).toBeUndefined();
  });

  it("keep the order of projections", () => {
    const read = parseInstallTreeAnnotations(formatInstallTreeAnnotations(padded), "m");
    expect([...(read?.projections ?? [])]).toEqual([...projections]);
  });

  it("are the three documented ones", () => {
    expect(Object.fromEntries(formatInstallTreeAnnotations(padded))).toEqual({
      "dev.spack-oci.install-tree.root": "/opt/spack",
      "dev.spack-oci.install-tree.padded-length": "64",
      "dev.spack-oci.install-tree.projections": JSON.stringify(Object.fromEntries(projections)),
    });
  });

  it.each([
    ["root", "somewhere"],
    ["padded-length", "a lot"],
    ["projections", "[]"],
    ["projections", '{"all": 1}'],
    ["projections", "{"],
  ])("are corrupt if %s is %j", (name, value) => {
    const broken = new Map([
      ...formatInstallTreeAnnotations(padded),
      [`dev.spack-oci.install-tree.${name}`, value],
    ]);
    expect(() => parseInstallTreeAnnotations(broken, "m:index.spack")).toThrow(
      expect.objectContaining({
        code: "ERR_CANONICAL_TREE_MALFORMED",
        kind: "corrupt",
        place: "m:index.spack",
      }),
    );
  });
});
