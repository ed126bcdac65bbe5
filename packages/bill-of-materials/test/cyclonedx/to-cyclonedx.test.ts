// CycloneDX documents; tests/interop validates them with the schema.

import { expect, it } from "vitest";
import { toCycloneDx } from "../../src/cyclonedx/to-cyclonedx.js";
import { exampleBill, FACTS, HEX } from "../example.js";

it("is about the root, which is not among its components", () => {
  const bill = exampleBill();
  const { metadata, components } = toCycloneDx(bill);
  expect(metadata.component).toMatchObject({
    "bom-ref": bill.root.purl,
    hashes: [{ alg: "SHA-256", content: HEX }],
    licenses: [{ expression: "BSD-3-Clause" }],
  });
  expect(components).toHaveLength(bill.components.length - 1);
  expect(components.map(({ purl }) => purl)).not.toContain(bill.root.purl);
});

it("excludes what is only needed to build from the scope", () => {
  const bill = exampleBill({ withBuildDependencies: true });
  const excluded = toCycloneDx(bill).components.filter(({ scope }) => scope === "excluded");
  expect(excluded.map(({ purl }) => purl)).toEqual(
    bill.components.filter(({ isRuntime }) => !isRuntime).map(({ purl }) => purl),
  );
  expect(excluded).not.toEqual([]);
});

it("keeps the types of dependencies as properties", () => {
  const bill = exampleBill();
  const { metadata, dependencies } = toCycloneDx(bill);
  const own = metadata.component.properties.filter(({ name }) => /^spack:dependency:/.test(name));
  const relations = bill.relations.filter(({ from }) => from === bill.root.hash);
  expect(own).toHaveLength(relations.flatMap(({ deptypes }) => deptypes).length);
  expect(dependencies[0]?.dependsOn).toHaveLength(relations.length);
});

it("names a license in the recipe's words if SPDX does not list it", () => {
  const bill = exampleBill({ factsOf: () => ({ ...FACTS, license: "the author's own" }) });
  expect(toCycloneDx(bill).metadata.component.licenses).toEqual([{ license: { name: "the author's own" } }]);
});
