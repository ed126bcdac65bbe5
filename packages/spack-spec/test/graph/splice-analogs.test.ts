// What the packages of a spliced spec replace, and documents without build specs.

import { expect, it } from "vitest";
import { readSpecDocument, withoutBuildSpecs } from "../../src/documents/document.js";
import { spliceAnalogs } from "../../src/graph/splice-analogs.js";
import { parseJson } from "../../src/json/parse.js";

/** Dependencies as `name` or `name:virtual`; hashes are the keys. */
type Table = Readonly<
  Record<string, { readonly version?: string; readonly needs?: readonly string[]; readonly from?: string }>
>;

function documentOf(table: Table) {
  const nameOf = (hash: string) => hash.replace(/\d+$/, "");
  const nodes = Object.entries(table).map(([hash, { version = "1", needs = [], from }]) => ({
    name: nameOf(hash),
    version,
    arch: { platform: "linux", platform_os: "debian12", target: "x86_64" },
    namespace: "builtin",
    parameters: {},
    package_hash: "x",
    dependencies: needs.map((need) => {
      const [other = "", virtual] = need.split(":");
      const virtuals = virtual === undefined ? [] : [virtual];
      return { name: nameOf(other), hash: other, parameters: { deptypes: ["link"], virtuals } };
    }),
    ...(from === undefined ? {} : { build_spec: { name: nameOf(from), hash: from } }),
    hash,
  }));
  return readSpecDocument(parseJson(JSON.stringify({ spec: { _meta: { version: 5 }, nodes } })));
}

function analogs(table: Table): Record<string, string> {
  const { graph, root } = documentOf(table);
  const built = graph.get(root.buildSpec?.hash ?? "");
  if (built === undefined) throw new Error("the root is not spliced");
  return Object.fromEntries(spliceAnalogs(graph, root, built));
}

it("replaces a package by one of the same name, and keeps the others", () => {
  expect(
    analogs({
      app2: { needs: ["zlib2", "lib1"], from: "app1" },
      zlib2: {},
      lib1: {},
      app1: { needs: ["zlib1", "lib1"] },
      zlib1: {},
    }),
  ).toEqual({ app2: "app1", zlib2: "zlib1", lib1: "lib1" });
});

it("replaces a provider by another one of the same virtual packages", () => {
  expect(
    analogs({
      app2: { needs: ["mpich1:mpi", "other1"], from: "app1" },
      mpich1: {},
      other1: {},
      app1: { needs: ["openmpi1:mpi"] },
      openmpi1: {},
    }),
  ).toEqual({ app2: "app1", mpich1: "openmpi1", other1: "other1" });
});

it("prefers higher versions among several packages of the same name", () => {
  const built = { needs: ["lib1", "zlib1"] };
  const table: Table = {
    app2: { needs: ["zlib3"], from: "app1" },
    zlib3: { version: "2" },
    app1: built,
    lib1: { needs: ["zlib2"] },
    zlib1: { version: "1.9" },
    zlib2: { version: "1.10" },
  };
  expect(analogs(table)["zlib3"]).toBe("zlib2");
});

it("drops build specs, and the nodes that only they have", () => {
  const document = documentOf({
    app2: { needs: ["zlib2"], from: "app1" },
    zlib2: {},
    app1: { needs: ["zlib1"] },
    zlib1: {},
  });
  const { graph, root } = withoutBuildSpecs(document);
  expect([...graph.keys()]).toEqual(["app2", "zlib2"]);
  expect(root.buildSpec).toBeUndefined();
  expect(root.json.has("build_spec")).toBe(false);
  const plain = documentOf({ zlib1: {} });
  expect(withoutBuildSpecs(plain)).toEqual(plain);
});
