// Specs are visited in Spack's orders: those of layers, build info and spec documents.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixturePath, readJsonFixture, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { parseSpecDocument } from "../../src/documents/document.js";
import { fullClosure, runtimeClosure, specsToRelocate } from "../../src/graph/closures.js";
import { breadthFirst, postOrder, preOrder, topological } from "../../src/graph/traversal.js";
import type { SpecNode } from "../../src/model/node.js";
import { graph } from "../support/producer.js";

interface Prefixes {
  readonly specs: Record<string, { readonly topo: readonly string[] }>;
  readonly combinations: Record<
    string,
    { readonly roots: readonly string[]; readonly topo: readonly string[] }
  >;
}

const prefixes = readJsonFixture<Prefixes>("oracles/env/prefixes.json");
const hashes = (nodes: readonly SpecNode[]) => nodes.map((node) => node.hash);

/** The hashes of `hash_to_prefix` in a layer, in their order. */
function hashToPrefix(layout: string, digest: string): string[] {
  const path = fixturePath(`${layout}/blobs/${digest.replace(":", "/")}`);
  const tar = gunzipSync(readFileSync(path)).toString("latin1");
  const text = /hash_to_prefix: \{([^}]*)\}/.exec(tar)?.[1] ?? "";
  return [...text.matchAll(/([a-z2-7]{32}): /g)].map((match) => match[1] as string);
}

describe("runtimeClosure", () => {
  it("has Spack's order for every spec", () => {
    for (const [hash, { topo }] of Object.entries(prefixes.specs)) {
      expect(hashes(runtimeClosure(graph, [hash]))).toEqual(topo);
    }
    expect(Object.keys(prefixes.specs).length).toBeGreaterThan(20);
  });

  it.each(Object.entries(prefixes.combinations))(
    "has Spack's order for the roots of %s",
    (_, { roots, topo }) => {
      expect(hashes(runtimeClosure(graph, roots))).toEqual(topo);
    },
  );

  it("is, reversed and without externals, the order of layers", () => {
    const layout = readLayout("spack-1.2/oci-layout-main");
    const layerOf = new Map<string, string>();
    for (const [tag, manifest] of layout)
      layerOf.set(tag.slice(-38, -6), manifest.layers.at(-1)?.digest as string);
    let compared = 0;
    for (const [tag, manifest] of layout) {
      const hash = tag.slice(-38, -6);
      // tricky-lite was pushed a second time on its own, so that its manifest has its own layer only
      if (!graph.has(hash) || tag.startsWith("tricky-lite")) continue;
      const nodes = runtimeClosure(graph, [hash]).filter((node) => node.external === undefined);
      expect(manifest.layers.map((layer) => layer.digest)).toEqual(
        [...nodes].reverse().map((node) => layerOf.get(node.hash)),
      );
      compared += 1;
    }
    expect(compared).toBe(19);
  });
});

describe("specsToRelocate", () => {
  it("has the order of hash_to_prefix in every layer", () => {
    let compared = 0;
    for (const [tag, manifest] of readLayout("spack-1.2/oci-layout-main")) {
      const root = graph.get(tag.slice(-38, -6));
      if (root === undefined) continue;
      const expected = hashToPrefix("spack-1.2/oci-layout-main", manifest.layers.at(-1)?.digest as string);
      expect(hashes(specsToRelocate(graph, root))).toEqual(expected);
      compared += 1;
    }
    expect(compared).toBe(20);
  });
});

describe("traversals", () => {
  // a diamond with a tail, and `tool` needed only for building
  const { graph: small, root } = parseSpecDocument(
    JSON.stringify({
      spec: {
        _meta: { version: 5 },
        nodes: [
          node("top", [
            ["right", "link"],
            ["left", "link", "run"],
            ["tool", "build"],
          ]),
          node("left", [["bottom", "link"]]),
          node("right", [
            ["bottom", "run"],
            ["left", "build"],
          ]),
          node("bottom", []),
          node("tool", [["bottom", "link"]]),
        ],
      },
    }),
  );

  it.each([
    ["breadth first", breadthFirst, undefined, "top left right tool bottom"],
    ["pre-order", preOrder, undefined, "top left bottom right tool"],
    ["post-order", postOrder, undefined, "bottom left right tool top"],
    ["topological", topological, undefined, "top right tool left bottom"],
    ["topological", topological, ["link"], "top left right bottom"],
    ["breadth first", breadthFirst, ["run"], "top left"],
    ["pre-order", preOrder, ["build"], "top tool"],
  ] as const)("go %s over %o", (_, traverse, deptypes, expected) => {
    const names = traverse(small, [root.hash], deptypes === undefined ? {} : { deptypes }).map(
      (item) => item.name,
    );
    expect(names.join(" ")).toBe(expected);
  });

  it("put every dependent before its dependencies, or after, in any graph", () => {
    const edges = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 40 });
    fc.assert(
      fc.property(edges, (pairs) => {
        const below = (index: number) =>
          pairs.filter(([a, b]) => a === index && b > a).map(([, b]) => [`n${b}`, "link"]);
        const nodes = Array.from({ length: 10 }, (_, index) => node(`n${index}`, below(index)));
        const document = parseSpecDocument(JSON.stringify({ spec: { _meta: { version: 5 }, nodes } }));
        const roots = [document.root.hash, "hash-n3"];
        const top = hashes(topological(document.graph, roots));
        const post = hashes(postOrder(document.graph, roots));
        const pre = hashes(preOrder(document.graph, roots));
        const breadth = hashes(breadthFirst(document.graph, roots));
        for (const list of [top, post, breadth]) expect([...list].sort()).toEqual([...pre].sort());
        expect(new Set(pre).size).toBe(pre.length);
        for (const hash of pre) {
          for (const edge of document.graph.get(hash)?.dependencies ?? []) {
            expect(top.indexOf(hash)).toBeLessThan(top.indexOf(edge.hash));
            expect(post.indexOf(hash)).toBeGreaterThan(post.indexOf(edge.hash));
          }
        }
      }),
    );
  });

  it("skip dependencies outside the graph", () => {
    const partial = new Map(small);
    partial.delete("hash-left");
    expect(fullClosure(partial, [root.hash]).map((item) => item.name)).toEqual([
      "top",
      "right",
      "bottom",
      "tool",
    ]);
  });

  function node(name: string, dependencies: readonly (readonly string[])[]): object {
    return {
      name,
      version: "1",
      dependencies: dependencies.map(([child, ...deptypes]) => {
        return { name: child, hash: `hash-${child}`, parameters: { deptypes, virtuals: [] } };
      }),
      hash: `hash-${name}`,
    };
  }
});
