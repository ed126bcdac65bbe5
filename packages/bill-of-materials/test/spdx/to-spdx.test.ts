// SPDX documents; tests/interop validates them with the reference tools.

import { expect, it } from "vitest";
import { toSpdx } from "../../src/spdx/to-spdx.js";
import { exampleBill, FACTS, HEX } from "../example.js";

it("describes the root, by its layer and its package URLs", () => {
  const bill = exampleBill();
  const { packages, relationships } = toSpdx(bill);
  const described = relationships.find(({ relationshipType }) => relationshipType === "DESCRIBES");
  expect(packages.find(({ SPDXID }) => SPDXID === described?.relatedSpdxElement)).toMatchObject({
    name: "thallium-lite",
    versionInfo: "0.14.0",
    licenseDeclared: "BSD-3-Clause",
    checksums: [{ algorithm: "SHA256", checksumValue: HEX }],
    externalRefs: [{ referenceLocator: bill.root.purl }, { referenceLocator: bill.root.imagePurl }],
  });
});

it("relates packages by what they are needed for", () => {
  const bill = exampleBill({ withBuildDependencies: true });
  const { relationships } = toSpdx(bill);
  const count = (type: string) =>
    relationships.filter(({ relationshipType }) => relationshipType === type).length;
  const having = (...types: readonly string[]) =>
    bill.relations.filter(({ deptypes }) => deptypes.some((type) => types.includes(type))).length;
  expect(having("build")).toBeGreaterThan(0);
  expect(count("DEPENDS_ON")).toBe(having("link", "run"));
  expect(count("RUNTIME_DEPENDENCY_OF")).toBe(having("run"));
  expect(count("BUILD_DEPENDENCY_OF")).toBe(having("build"));
});

it("lists what a package was built from as a package of its own", () => {
  const { packages, relationships } = toSpdx(exampleBill());
  const generated = relationships.find(({ relationshipType }) => relationshipType === "GENERATED_FROM");
  expect(packages.find(({ SPDXID }) => SPDXID === generated?.relatedSpdxElement)).toMatchObject({
    downloadLocation: "https://example.com/a-1.tar.gz",
    checksums: [{ checksumValue: HEX }],
  });
});

it("locates a Git source as SPDX asks for", () => {
  const source = { url: undefined, sha256: undefined, git: "https://example.com/a.git", commit: "abc" };
  const { packages } = toSpdx(exampleBill({ factsOf: () => ({ source }) }));
  const locations = packages.map(({ downloadLocation }) => downloadLocation);
  expect(locations).toContain("git+https://example.com/a.git@abc");
});

it("defines licenses that SPDX does not list, each once", () => {
  const { packages, hasExtractedLicensingInfos } = toSpdx(
    exampleBill({ factsOf: () => ({ ...FACTS, license: "the author's own" }) }),
  );
  expect(hasExtractedLicensingInfos).toEqual([expect.objectContaining({ name: "the author's own" })]);
  const declared = new Set(packages.map(({ licenseDeclared }) => licenseDeclared));
  expect(declared).toEqual(new Set([hasExtractedLicensingInfos?.[0]?.licenseId, "NOASSERTION"]));
});

it("gives another namespace to other content", () => {
  const namespaces = [exampleBill(), exampleBill(), exampleBill({ withBuildDependencies: true })].map(
    (bill) => toSpdx(bill).documentNamespace,
  );
  expect(new Set(namespaces).size).toBe(2);
});
