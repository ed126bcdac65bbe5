// What a bill of materials lists: compared with a plain walk over the spec file of a real Spack.

import { parseSpecDocument } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { readFixture } from "../../../../tests/support/spack-fixtures.js";
import { formatBill } from "../../src/formats.js";
import { exampleBill, readSpec, THALLIUM } from "../example.js";

interface Node {
  readonly hash: string;
  readonly dependencies?: readonly {
    readonly hash: string;
    readonly parameters: { readonly deptypes: readonly string[] };
  }[];
}

const text = readFixture(`spack-1.2/producer/specs/${THALLIUM}.spec.json`);
const { nodes } = (JSON.parse(text) as { spec: { nodes: readonly Node[] } }).spec;

/** Hashes below the first node, and edges among them, along edges of some types. */
function walk(types: readonly string[]) {
  const found = new Set<string>();
  const edges = new Set<string>();
  const visit = (hash: string) => {
    if (found.has(hash)) return;
    found.add(hash);
    for (const edge of nodes.find((node) => node.hash === hash)?.dependencies ?? []) {
      if (!edge.parameters.deptypes.some((type) => types.includes(type))) continue;
      edges.add(`${hash} ${edge.hash}`);
      visit(edge.hash);
    }
  };
  visit(nodes[0]?.hash ?? "");
  return { found, edges };
}

describe("a bill of materials", () => {
  it.each([
    ["what a package runs with", false, ["link", "run"]],
    ["what it was built with", true, ["build", "link", "run", "test"]],
  ])("lists %s", (_, withBuildDependencies, types) => {
    const bill = exampleBill({ withBuildDependencies });
    const { found, edges } = walk(types);
    expect(new Set(bill.components.map(({ hash }) => hash))).toEqual(found);
    expect(new Set(bill.relations.map(({ from, to }) => `${from} ${to}`))).toEqual(edges);
    expect(bill.components[0]).toBe(bill.root);
    expect(bill.components.filter(({ isRuntime }) => isRuntime)).toHaveLength(
      walk(["link", "run"]).found.size,
    );
  });

  it("mentions build dependencies only on request", () => {
    expect(exampleBill().relations.flatMap(({ deptypes }) => deptypes)).not.toContain("build");
    expect(
      exampleBill({ withBuildDependencies: true }).relations.flatMap(({ deptypes }) => deptypes),
    ).toContain("build");
  });

  it.each(["spdx", "cyclonedx"] as const)("is the same %s document for a spec in another order", (format) => {
    const spec = (JSON.parse(text) as { spec: { nodes: Node[] } }).spec;
    const [first, ...others] = spec.nodes.map(({ dependencies = [], ...node }) => {
      return { ...node, dependencies: dependencies.toReversed() };
    });
    const reversed = { spec: { ...spec, nodes: [first, ...others.reverse()] } };
    const { graph, root } = parseSpecDocument(JSON.stringify(reversed), "reversed");
    const changed = formatBill(exampleBill({ graph, root, withBuildDependencies: true }), format);
    expect(changed.equals(formatBill(exampleBill({ withBuildDependencies: true }), format))).toBe(true);
  });

  it("has the spec's architecture, variants and compiler as properties", () => {
    const { root } = exampleBill(readSpec());
    const values = (name: string) =>
      root.properties.filter((each) => each.name === name).map(({ value }) => value);
    expect(values("spack:target")).toEqual(["x86_64_v3"]);
    expect(values("spack:os")).toEqual(["debian12"]);
    expect(values("spack:compiler")).toEqual(["gcc@12.2.0"]);
    expect(values("spack:variant:build_system")).toEqual(["generic"]);
    expect(values("spack:layer:size")).toEqual(["1234"]);
  });
});
