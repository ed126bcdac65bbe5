// Projected paths match Spack's (formats.json), with the right projection (config/).

import { describe, expect, it } from "vitest";
import { readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import type { SpecNode } from "../../src/model/node.js";
import { parseSpec } from "../../src/parse/parse-spec.js";
import { findProjection, projectPath } from "../../src/projections/project-path.js";
import { readOracle } from "../support/oracle.js";
import { graph } from "../support/producer.js";

const { specs } = readOracle("formats.json");

describe("relative paths", () => {
  it.each(Object.keys(specs))("%s", (hash) => {
    expect(projectPath(graph, graph.get(hash) as SpecNode)).toBe(specs[hash].relative_path_for_spec);
  });
});

interface Stack {
  readonly derived: {
    readonly install_tree: { readonly projections: Record<string, string> };
    readonly projection_paths: Record<string, string>;
  };
}

describe.each(["62-install-tree-projections", "63-install-tree-projections-merge"])("%s", (stack) => {
  const { derived } = readJsonFixture<Stack>(`oracles/config/${stack}/expected.json`);
  const projections = new Map(Object.entries(derived.install_tree.projections));

  it.each(Object.entries(derived.projection_paths))("%s", (text, projection) => {
    expect(findProjection(projections, parseSpec(text))).toBe(projection);
  });
});

describe("options", () => {
  const node = graph.get("cd2e4nf3k3sw2czder5ycghwcpmmvl4k") as SpecNode;

  it("uses the first matching key, and all only if none matches", () => {
    const projections = new Map([
      ["all", "other/{name}"],
      ["libfabric-lite", "fabric/{name}"],
      ["margo-lite@0.18", "Margo/{NAME}/{version}"],
      ["margo-lite", "late/{name}"],
    ]);
    expect(projectPath(graph, node, { projections })).toBe("margo/margo-lite/0.18.3");
    expect(
      projectPath(graph, [...graph.values()].find(({ name }) => name === "gcc") as SpecNode, { projections }),
    ).toBe("other/gcc");
  });

  it("abbreviates the hash, and rejects projections without one", () => {
    expect(projectPath(graph, node, { hashLength: 5 })).toBe("linux-x86_64_v3/margo-lite-0.18.3-cd2e4");
    const without = new Map([["all", "{name}"]]);
    expect(() => projectPath(graph, node, { projections: without, hashLength: 5 })).toThrow(
      expect.objectContaining({ code: "ERR_PROJECTION_HASH" }),
    );
  });

  it("reports a package without a projection", () => {
    expect(() => projectPath(graph, node, { projections: new Map([["zlib", "z"]]) })).toThrow(
      expect.objectContaining({ code: "ERR_PROJECTION_MISSING" }),
    );
  });
});
