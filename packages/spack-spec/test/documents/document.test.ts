// Spec documents are parsed in all formats, and formatted like Spack's.

import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixturePath, readBlob, readFixture, readLayout } from "../../../../tests/support/spack-fixtures.js";
import { formatSpecDocument, parseSpecDocument, rootHash } from "../../src/documents/document.js";
import { graph } from "../support/producer.js";

const specs = "spack-1.2/producer/specs";

describe("rootHash", () => {
  it.each(readdirSync(fixturePath(specs)))("is that of %s", (name) => {
    const text = readFixture(`${specs}/${name}`);
    expect(rootHash(text, name)).toBe(parseSpecDocument(text, name).root.hash);
  });

  it("explains what is wrong with a document that is not a spec", () => {
    expect(() => rootHash("{", "x/spec.json")).toThrow(
      expect.objectContaining({ code: "ERR_JSON_SYNTAX", place: "x/spec.json" }),
    );
    expect(() => rootHash("[]", "x/spec.json")).toThrow(expect.objectContaining({ code: "ERR_JSON_SHAPE" }));
  });
});

describe("formatSpecDocument", () => {
  it.each(readdirSync(fixturePath(specs)))(
    "writes %s byte for byte, from itself and from the database",
    (name) => {
      const text = readFixture(`${specs}/${name}`);
      const document = parseSpecDocument(text, name);
      expect(formatSpecDocument(document.graph, document.root)).toBe(text);
      expect(formatSpecDocument(graph, document.root)).toBe(text);
    },
  );

  it("writes the spec of every config blob", () => {
    let compared = 0;
    for (const [, manifest] of readLayout("spack-1.2/oci-layout-main")) {
      const config = readBlob("spack-1.2/oci-layout-main", manifest.config.digest);
      if (!config.includes('"spec":')) continue;
      const { root } = parseSpecDocument(config);
      const text = formatSpecDocument(graph, root);
      expect(config).toContain(`${text.slice(1, -1)},"buildcache_layout_version":3`);
      compared += 1;
    }
    expect(compared).toBe(20);
  });

  it("puts the build spec of a spliced spec and its dependencies after the spec", () => {
    const node = (name: string, hash: string, more: object = {}) => ({ name, version: "1", ...more, hash });
    const edge = (name: string, hash: string) => ({
      name,
      hash,
      parameters: { deptypes: ["link"], virtuals: [] },
    });
    const nodes = [
      node("a", "spliced", { dependencies: [edge("z", "new")], build_spec: { name: "a", hash: "built" } }),
      node("a", "built", { dependencies: [edge("z", "old")] }),
      node("z", "old"),
      node("z", "new"),
    ];
    const text = JSON.stringify({ spec: { _meta: { version: 5 }, nodes } });
    const document = parseSpecDocument(text);
    expect(document.root.buildSpec).toEqual({ name: "a", hash: "built" });
    expect(formatSpecDocument(document.graph, document.root)).toBe(text);
  });
});

describe("parseSpecDocument", () => {
  it("reads version 1, whose nodes are keyed by name", () => {
    const { root, graph } = parseSpecDocument(`{"spec":[
      {"hdf5":{"version":"1.10","compiler":{"name":"gcc","version":"9.4.0"},"hash":"aaaa",
        "dependencies":{"zlib":{"hash":"bbbb","type":["build","link"]}}}},
      {"zlib":{"version":"1.2"}}]}`);
    expect(root).toMatchObject({ name: "hdf5", hash: "aaaa", annotations: { compiler: "gcc@=9.4.0" } });
    expect(root.dependencies).toEqual([
      { name: "zlib", hash: "bbbb", deptypes: ["build", "link"], virtuals: [], direct: true },
    ]);
    expect(graph.get("bbbb")?.name).toBe("zlib");
  });

  it("reads version 2, whose edges may use build hashes", () => {
    const { root, graph } = parseSpecDocument(`{"spec":{"_meta":{"version":2},"nodes":[
      {"name":"hdf5","version":"1.10","hash":"aaaa","build_hash":"cccc",
        "dependencies":[{"name":"zlib","build_hash":"dddd","type":["link"]}]},
      {"name":"zlib","version":"1.2","hash":"bbbb","build_hash":"dddd"}]}}`);
    expect(root.dependencies.map((edge) => edge.hash)).toEqual(["bbbb"]);
    expect([...graph.keys()]).toEqual(["aaaa", "bbbb"]);
  });

  it("reads all members of a node", () => {
    const { root } =
      parseSpecDocument(`{"spec":{"_meta":{"version":5},"nodes":[{"name":"gcc","versions":["=12.2.0"],
      "arch":{"platform":"linux","platform_os":"debian12","target":{"name":"zen4","vendor":"AuthenticAMD"}},
      "namespace":"builtin","parameters":{"languages":["c","c++"]},
      "external":{"path":"/usr","module":["gcc/12"],"extra_attributes":{"compilers":{"c":"/usr/bin/gcc"}}},
      "patches":["abc"],"package_hash":"p====","annotations":{"original_specfile_version":5},"hash":"aaaa"}]}}`);
    expect(root).toMatchObject({
      version: "12.2.0",
      namespace: "builtin",
      architecture: { platform: "linux", os: "debian12", target: "zen4" },
      external: { path: "/usr", modules: ["gcc/12"] },
      patches: ["abc"],
      packageHash: "p====",
      dependencies: [],
      buildSpec: undefined,
      annotations: { originalSpecfileVersion: 5 },
    });
    expect(root.parameters.get("languages")).toEqual(["c", "c++"]);
  });

  it.each([
    ["{", "ERR_JSON_SYNTAX"],
    ["{}", "ERR_JSON_SHAPE"],
    ['{"spec":{"_meta":{"version":6},"nodes":[{"name":"a"}]}}', "ERR_SPEC_VERSION"],
    ['{"spec":{"_meta":{"version":5},"nodes":[]}}', "ERR_SPEC_INCOMPLETE"],
    ['{"spec":{"_meta":{"version":5},"nodes":[{"name":"a","hash":"x"}]}}', "ERR_JSON_SHAPE"],
    [
      '{"spec":{"_meta":{"version":3},"nodes":[{"name":"a","version":"1","hash":"x","dependencies":[{"name":"b","hash":"y","type":["run"]}]}]}}',
      "ERR_SPEC_INCOMPLETE",
    ],
    ['{"spec":{"_meta":{"version":5},"nodes":[{"name":"a","concrete":false}]}}', "ERR_SPEC_NOT_CONCRETE"],
  ])("refuses %s", (text, code) => {
    const error = expect.objectContaining({ code, place: "spec.json" }) as Error;
    expect(() => parseSpecDocument(text, "spec.json")).toThrow(error);
  });
});
