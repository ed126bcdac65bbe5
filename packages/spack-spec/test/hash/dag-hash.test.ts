// DAG hashes match Spack's.

import { describe, expect, it } from "vitest";
import { readBlob, readJsonFixture, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { parseSpecDocument } from "../../src/documents/document.js";
import { readNode } from "../../src/documents/read-node.js";
import { nodeToJson } from "../../src/hash/convert-node.js";
import { dagHash, hashText, verifyDagHash } from "../../src/hash/dag-hash.js";
import { formatJson } from "../../src/json/format.js";
import { parseJson } from "../../src/json/parse.js";
import type { JsonObject } from "../../src/json/value.js";

interface Case {
  readonly name: string;
  readonly case?: string;
  readonly hash: string;
  readonly stored?: string;
  readonly json: string;
  readonly build_spec_hash?: string;
}

const oracle = readJsonFixture<{
  database: readonly Case[];
  synthetic: readonly Case[];
  spliced?: readonly Case[];
  b32: readonly { text: string; b32: string }[];
}>("oracles/hashes.json");

describe("dagHash", () => {
  it.each(
    [...oracle.database, ...oracle.synthetic, ...(oracle.spliced ?? [])].map((item) => [
      item.case ?? item.name,
      item,
    ]),
  )("hashes like Spack: %s", (_, item) => {
    const json = parseJson(item.json) as JsonObject;
    expect(formatJson(json)).toBe(item.json);
    expect(dagHash(readNode(json, 5))).toBe(item.hash);
  });

  it.each(oracle.b32)("hashes the text $text", ({ text, b32 }) => {
    expect(hashText(text)).toBe(b32);
  });

  it("verifies all specs of the buildcache", () => {
    let count = 0;
    for (const [tag, manifest] of readLayout("spack-1.2/oci-layout-main")) {
      if (!/-[a-z2-7]{32}\.spack$/.test(tag)) continue;
      const { root, graph } = parseSpecDocument(
        readBlob("spack-1.2/oci-layout-main", manifest.config.digest),
      );
      expect(tag).toContain(root.hash);
      for (const node of graph.values()) expect(verifyDagHash(node)).toBe("match");
      count += 1;
    }
    expect(count).toBe(20);
  });

  it("keeps the hash of a version 4 node that was converted to version 5", () => {
    const text =
      '{"name":"zlib","version":"1.3.1","arch":{"platform":"linux","platform_os":"debian12","target":"x86_64_v3"},' +
      '"compiler":{"name":"gcc","version":"12.2.0"},"namespace":"builtin","parameters":{"cflags":[]},' +
      '"package_hash":"aaaa====","dependencies":[{"name":"b","hash":"bbbb","parameters":{"deptypes":["build","link"],' +
      '"virtuals":[]}}]}';
    const old = readNode(parseJson(text), 4, hashText(text));
    const rewritten = readNode(nodeToJson(old), 5);
    expect([...rewritten.json.keys()].slice(-2)).toEqual(["annotations", "hash"]);
    expect(rewritten.annotations).toEqual({ originalSpecfileVersion: 4, compiler: "gcc@=12.2.0" });
    expect(rewritten.dependencies).toEqual([
      { name: "b", hash: "bbbb", deptypes: ["build", "link"], virtuals: [], direct: true },
    ]);
    expect([dagHash(old), verifyDagHash(old), verifyDagHash(rewritten)]).toEqual([
      hashText(text),
      "match",
      "match",
    ]);
  });

  it("detects a changed node", () => {
    const item = oracle.database[0] as Case;
    const node = readNode(parseJson(item.json.replace('"version":"', '"version":"9')), 5, item.hash);
    expect(verifyDagHash(node)).toBe("mismatch");
  });

  it("cannot verify nodes without a package hash", () => {
    expect(verifyDagHash(readNode(parseJson('{"name":"a","version":"1"}'), 2, "x"))).toBe("unverifiable");
  });
});
