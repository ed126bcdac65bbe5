// Nodes of old formats are converted to version 5 exactly as by Spack, verified by the hash of the new text.

import { describe, expect, it } from "vitest";
import { readFixture, readJsonFixture } from "../../../../tests/support/spack-fixtures.js";
import { readNode } from "../../src/documents/read-node.js";
import { nodeToJson } from "../../src/hash/convert-node.js";
import { dagHash, hashText } from "../../src/hash/dag-hash.js";
import { formatJson } from "../../src/json/format.js";
import { parseJson } from "../../src/json/parse.js";
import type { JsonObject } from "../../src/json/value.js";

interface Expected {
  readonly nodes: Record<
    string,
    { readonly recomputed_hash: string; readonly compiler_annotation: string | null }
  >;
}

/** The nodes of a lock file, by hash, and what Spack made of them. */
function readLock(name: string): { specs: JsonObject; expected: Expected } {
  const lock = parseJson(readFixture(`oracles/lockfile/${name}/spack.lock`)) as JsonObject;
  return {
    specs: lock.get("concrete_specs") as JsonObject,
    expected: readJsonFixture<Expected>(`oracles/lockfile/${name}/expected.json`),
  };
}

describe("nodeToJson", () => {
  it.each([
    ["06-v1", 1],
    ["05-v2", 1],
    ["03-v4", 3],
    ["02-v5", 4],
    ["01-v6", 5],
    ["10-v6-direct-edge", 5],
    ["39-real-1.2", 5],
  ])("converts the nodes of %s, format version %i, like Spack", (name, version) => {
    const { specs, expected } = readLock(name);
    expect(specs.size).toBeGreaterThan(3);
    for (const [hash, json] of specs) {
      const node = readNode(json, version, hash);
      const { recomputed_hash, compiler_annotation } = expected.nodes[hash] ?? {};
      const written = new Map(nodeToJson(node));
      written.delete("hash");
      expect(node.annotations.compiler ?? null).toBe(compiler_annotation);
      expect(hashText(formatJson(written))).toBe(recomputed_hash);
    }
  });
});

describe("dagHash", () => {
  it("ends with the computed hash of the build spec if it is known, else with the recorded one", () => {
    const { specs, expected } = readLock("09-v6-spliced");
    // this lock file has build_spec after annotations; Spack hashes it before them
    const inOrder = (json: JsonObject) => {
      const annotations = json.get("annotations") as JsonObject;
      const rest = [...json].filter(([key]) => key !== "annotations");
      return new Map([...rest, ["annotations", annotations]]);
    };
    const graph = new Map(
      [...specs].map(([hash, json]) => [hash, readNode(inOrder(json as JsonObject), 5, hash)]),
    );
    const spliced = [...graph.values()].filter((node) => node.buildSpec !== undefined);
    expect(spliced).toHaveLength(1);
    for (const node of spliced) {
      expect(dagHash(node, { graph })).toBe(expected.nodes[node.hash]?.recomputed_hash);
      expect(dagHash(node).slice(-7)).toBe(node.buildSpec?.hash.slice(-7));
    }
  });
});
