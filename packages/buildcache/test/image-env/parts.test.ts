// Inspections, modifications and variables in forms that the oracle does not cover.

import type { Json } from "@spack-oci/spack-spec";
import { describe, expect, it } from "vitest";
import { executableModifications } from "../../src/image-env/executables.js";
import { inspectPrefix } from "../../src/image-env/inspect-prefix.js";
import { modifyEnvironment } from "../../src/image-env/modifications.js";
import { isSystemPath, normalizePath } from "../../src/image-env/system-paths.js";
import { formatVariables, parseVariables } from "../../src/image-env/variables.js";
import { external, graphOf, hashOf, node } from "../support/nodes.js";

const everything = async () => true;

it("normalizes paths as Python does", () => {
  const expected = {
    "": ".",
    "./": ".",
    "a//b/../c/": "a/c",
    "/": "/",
    "//": "//",
    "//x/": "//x",
    "///x": "/x",
  };
  for (const [path, normal] of Object.entries(expected)) expect(normalizePath(path)).toBe(normal);
});

it("recognizes system directories in any form", () => {
  const system = ["/", "/usr", "/usr/", "/usr/local/lib64", "/bin", "/usr/share/../lib", "/usr/bin64/."];
  expect(system.filter((path) => !isSystemPath(path))).toEqual([]);
  expect(["", "/usr/share", "/usr/lib/pkgconfig", "/opt", "usr"].filter(isSystemPath)).toEqual([]);
});

describe("inspectPrefix", () => {
  const values = async (prefix: string, inspections: [string, string[]][]) =>
    (await inspectPrefix(prefix, new Map(inspections), everything)).map(({ name, value }) => [name, value]);

  it("treats two spellings of a directory as two, in their order", async () => {
    const inspections: [string, string[]][] = [
      ["./lib", ["A", "B"]],
      ["lib", ["A"]],
      ["share/../lib64/", ["A"]],
      ["/abs", ["C"]],
    ];
    expect(await values("/p", inspections)).toEqual([
      ["A", "/p/lib"],
      ["B", "/p/lib"],
      ["A", "/p/lib"],
      ["A", "/p/lib64"],
      ["C", "/abs"],
    ]);
  });

  it("never inspects a system directory", async () => {
    const asked: string[] = [];
    const isDirectory = async (path: string) => asked.push(path) > 0;
    await inspectPrefix(
      "/usr",
      new Map([...["bin", "", "lib", "share/man"].map((path) => [path, ["X"]] as const)]),
      isDirectory,
    );
    expect(asked).toEqual(["/usr/share/man"]);
  });
});

it("puts packages without dependencies first, and externals before those", async () => {
  const graph = graphOf(
    node("root", ["leaf:run", "inner:run", "linked:link", "outside:run"]),
    node("inner", ["linked:link"]),
    node("leaf"),
    node("linked"),
    external("outside"),
  );
  const prefixOf = ({ name }: { readonly name: string }) => `/${name === "outside" ? "ext" : name}`;
  const isBin = async (path: string) => path.endsWith("/bin");
  const found = await executableModifications({
    graph,
    roots: [hashOf("root")],
    prefixOf,
    isDirectory: isBin,
  });
  expect(found.map(({ value }) => value)).toEqual(["/ext/bin", "/leaf/bin", "/inner/bin", "/root/bin"]);
});

it("applies the environment that the configuration sets for an external package", async () => {
  const environment = new Map<string, Json>([
    ["prepend_path", new Map([["PATH", "/ext/tools/"]])],
    [
      "set",
      new Map<string, Json>([
        ["LEVEL", 3n],
        ["OLD", "1"],
      ]),
    ],
    ["append_path", new Map([["PATH", "/ext/last"]])],
    ["unset", ["OLD"]],
    ["remove_path", new Map([["PATH", "/bin"]])],
  ]);
  const outside = external("outside");
  const attributes = {
    path: "/ext",
    modules: null,
    extraAttributes: new Map([["environment", environment]]),
  };
  const graph = graphOf(node("root", ["outside:link"]), { ...outside, external: attributes });
  const found = await executableModifications({
    graph,
    roots: [hashOf("root")],
    prefixOf: () => "/usr",
    isDirectory: everything,
  });
  expect(formatVariables(modifyEnvironment(parseVariables(["OLD=0"]), found))).toEqual([
    "PATH=/ext/tools:/usr/bin:/ext/last",
    "LEVEL=3",
  ]);
});

describe("modifyEnvironment", () => {
  it("keeps the places of existing variables, adds new ones by name, and keeps duplicates", () => {
    const prepend = (name: string, value: string) => ({ kind: "prepend-path" as const, name, value });
    const start = new Map([
      ["Z", "1"],
      ["PATH", "/bin"],
      ["EMPTY", ""],
    ]);
    const changed = modifyEnvironment(start, [
      prepend("b", "/x/."),
      prepend("PATH", "/bin/"),
      prepend("B", "/y"),
      { kind: "set", name: "Z", value: "2" },
      prepend("EMPTY", "/e"),
      prepend("B", "/x"),
    ]);
    expect(formatVariables(changed)).toEqual(["Z=2", "PATH=/bin:/bin", "EMPTY=/e", "B=/x:/y", "b=/x"]);
    expect(start.get("Z")).toBe("1");
  });
});

it("reads a base image's variables with PATH first, and keeps line breaks and equal signs", () => {
  expect(formatVariables(parseVariables([]))).toEqual(["PATH=/bin:/usr/bin"]);
  const list = ["A=b=c", "B=1\n2", "PATH=/sbin", "BARE"];
  expect(formatVariables(parseVariables(list))).toEqual(["PATH=/sbin", "A=b=c", "B=1\n2", "BARE="]);
});
