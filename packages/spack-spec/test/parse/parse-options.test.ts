// Parser options: the machine, toolchains, git references and spec files.

import { describe, expect, it } from "vitest";
import { textOf } from "../../src/format/format-spec.js";
import { specOfNode } from "../../src/model/concrete-specs.js";
import type { SpecNode } from "../../src/model/node.js";
import type { Toolchain } from "../../src/parse/parse-options.js";
import { parseSpec } from "../../src/parse/parse-spec.js";
import { catalogOfGraph } from "../../src/query/catalog.js";
import { queryCatalog } from "../../src/query/query.js";
import { gitVersionsIn } from "../support/git-versions.js";
import { graph } from "../support/producer.js";

const host = { platform: "linux", os: "debian12", target: "zen3" };

describe("the machine", () => {
  it.each([
    ["os=fe", "platform=linux os=debian12"],
    ["target=default_target", "platform=linux target=zen3"],
    ["arch=linux-be-frontend", "platform=linux os=debian12 target=zen3"],
  ])("%s is read as %s", (text, read) => {
    expect(textOf(parseSpec(text, { host }))).toBe(read);
    expect(textOf(parseSpec(text))).not.toBe(read);
  });

  it("is rejected on another platform", () => {
    expect(() => parseSpec("platform=darwin os=fe", { host })).toThrow(/isn't the current platform/);
  });
});

describe("toolchains", () => {
  const toolchains = new Map<string, Toolchain>([
    ["plain", "%gcc@12 cflags=-O2"],
    [
      "mixed",
      [
        { spec: "%c=llvm@17", when: "%c" },
        { spec: "%fortran=gcc@13", when: "%fortran" },
      ],
    ],
    ["wrong", "^zlib"],
  ]);

  // As Spack 1.2.0.dev0 reads them with the same toolchains configured.
  it.each([
    ["zlib %plain", "zlib %gcc@12 cflags=-O2"],
    ["zlib %mixed", "zlib %[when='%fortran'] fortran=gcc@13 %[when='%c'] c=clang@17"],
    ["zlib %plain ^cmake %plain", "zlib %gcc@12 cflags=-O2 ^cmake %gcc@12 cflags=-O2"],
    ["zlib %%plain", "zlib %%gcc@12 cflags=-O2"],
    ["%plain", "%gcc@12 cflags=-O2"],
    ["zlib %mixed %c=gcc", "zlib %[when='%fortran'] fortran=gcc@13 %c=gcc %[when='%c'] c=clang@17"],
    ["plain", "plain"],
    ["zlib ^plain", "zlib ^plain"],
  ])("%s is read as %s", (text, read) => {
    expect(textOf(parseSpec(text, { toolchains }))).toBe(read);
  });

  it("must not use ^", () => {
    expect(() => parseSpec("zlib %wrong", { toolchains })).toThrow(
      "cannot use '^' in toolchain definitions, and the current toolchain contains ' ^zlib'\nzlib %wrong\n      ^^^^^",
    );
  });
});

describe("git references", () => {
  const catalog = catalogOfGraph(graph);
  const gitVersion = gitVersionsIn(graph);

  it("have the version of an installed spec with the same reference or commit", () => {
    expect(textOf(parseSpec("data-lite@git.main", { gitVersion }))).toBe("data-lite@git.main=1.0");
    const commit = "64c436fa40716ed485341075ce87def30eade6f7";
    expect(textOf(parseSpec(`data-lite@${commit}`, { gitVersion }))).toBe(`data-lite@${commit}=1.0`);
    expect(textOf(parseSpec("data-lite@git.other", { gitVersion }))).toBe("data-lite@git.other");
  });

  it("find specs with that reference even without a known version", () => {
    const found = (text: string) => queryCatalog(catalog, parseSpec(text)).map((spec) => spec.name);
    expect(found("data-lite@git.main")).toEqual(["data-lite"]);
    expect(found("data-lite@git.other")).toEqual([]);
  });
});

describe("spec files", () => {
  const node = graph.get("cd2e4nf3k3sw2czder5ycghwcpmmvl4k") as SpecNode;
  const readSpecFile = () => specOfNode(graph, node);

  it.each(["./margo.json", "margo/margo.yaml"])("reads the spec in %s", (path) => {
    const spec = parseSpec(path, { readSpecFile });
    expect(textOf(spec)).toBe(`margo-lite@0.18.3/${node.hash}`);
    expect(queryCatalog(catalogOfGraph(graph), spec).map((found) => found.hash)).toEqual([node.hash]);
  });

  it("reject more dependencies", () => {
    expect(() => parseSpec("./more.json ^zlib", { readSpecFile })).toThrow(
      expect.objectContaining({ code: "ERR_SPEC_CONCRETE" }),
    );
  });

  it("are rejected without readSpecFile", () => {
    expect(() => parseSpec("./margo.json")).toThrow(expect.objectContaining({ code: "ERR_SPEC_FILE" }));
  });
});
