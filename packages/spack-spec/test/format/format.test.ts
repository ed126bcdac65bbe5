// Format strings, paths and trees print what Spack prints for the same specs (formats.json).

import { describe, expect, it } from "vitest";
import { readBlob, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { parseSpecDocument } from "../../src/documents/document.js";
import { formatSpec } from "../../src/format/format-node.js";
import { formatPathOf } from "../../src/format/format-path.js";
import { formatAny, textOf } from "../../src/format/format-spec.js";
import { formatTree, type TreeOptions } from "../../src/format/format-tree.js";
import { specOfNode } from "../../src/model/concrete-specs.js";
import { dependencyFlags } from "../../src/model/dependency-types.js";
import type { SpecNode } from "../../src/model/node.js";
import { readOracle } from "../support/oracle.js";
import { graph, prefixOf } from "../support/producer.js";
import { spackError } from "../support/spack-errors.js";

const oracle = readOracle("formats.json");
const hashes = Object.keys(oracle.specs);
const options = { prefixOf, spackRoot: "@SPACK@", installTree: installTree() };

function installTree(): string {
  const [path = ""] = [...graph.keys()].map(prefixOf).filter((prefix) => prefix?.includes("/__sp/"));
  return path.slice(0, path.indexOf("/__sp/") + "/__sp".length);
}

function node(hash: string): SpecNode {
  return graph.get(hash) as SpecNode;
}

describe.each(hashes)("%s", (hash) => {
  const expected = oracle.specs[hash];
  const format = (text: string) => spackError(() => formatAny(specOfNode(graph, node(hash)), text, options));

  it("prints every format string", () => {
    const printed = Object.keys(expected.format).map((text) => [text, format(text)]);
    expect(Object.fromEntries(printed)).toEqual(expected.format);
  });

  it("prints every projection as a path", () => {
    const printed = Object.keys(expected.format_path).map((text) => [
      text,
      spackError(() => formatPathOf(specOfNode(graph, node(hash)), text, options)),
    ]);
    expect(Object.fromEntries(printed)).toEqual(expected.format_path);
  });

  it("prints itself", () => {
    expect(textOf(specOfNode(graph, node(hash)))).toBe(expected.str);
    expect(formatSpec(graph, node(hash))).toBe(expected.format_default);
    expect(formatSpec(graph, node(hash))).toBe(expected.cformat_default);
    expect(format("{short_spec}")).toBe(expected.short_spec);
    expect(format("{cshort_spec}")).toBe(expected.cshort_spec);
    expect(`${format("{long_spec}")}\n`).toBe(expected.long_spec);
  });
});

describe.each(Object.keys(oracle.tree))("tree of %s", (hash) => {
  const ways: Readonly<Record<string, Partial<TreeOptions>>> = {
    default: {},
    hashes: { hashes: true, hashLength: 7 },
    link_run: { flags: dependencyFlags("link", "run"), hashes: true, hashLength: 7 },
    show_types: { showTypes: true },
    nodes: { cover: "nodes" },
    edges: { cover: "edges" },
  };

  it.each(Object.keys(oracle.tree[hash]))("%s", (way) => {
    const tree = formatTree([specOfNode(graph, node(hash))], {
      format: (spec) => formatAny(spec),
      ...ways[way],
    });
    // The oracle keeps the first 4000 characters of a tree.
    expect(tree.slice(0, 4000)).toBe(oracle.tree[hash][way]);
  });
});

describe("descriptions in manifests", () => {
  const layout = "spack-1.2/oci-layout-main";
  const manifests = [...readLayout(layout)].filter(([, manifest]) => "annotations" in manifest);
  const described = manifests.map(([tag, manifest]) => {
    const { annotations } = manifest as unknown as { annotations: Record<string, string> };
    return [
      tag,
      annotations["org.opencontainers.image.description"],
      readBlob(layout, manifest.config.digest),
    ] as const;
  });

  it.each(described.filter(([, description]) => description !== undefined))(
    "%s",
    (_tag, description, config) => {
      const { root, graph } = parseSpecDocument(config);
      expect(formatSpec(graph, root)).toBe(description);
    },
  );
});
