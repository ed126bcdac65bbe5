// What an audit concludes from the roots of packages.

import { describe, expect, it } from "vitest";
import type { AuditedPackage } from "../../../src/provenance/audit-package.js";
import { rootFindings, rootsOf } from "../../../src/verbs/audit/root-findings.js";
import { hashOf, node } from "../../support/nodes.js";

interface Traits extends Partial<AuditedPackage> {
  readonly padded?: boolean;
  readonly needs?: readonly string[];
}

/** A package below a root; without one, its layer does not reveal it. */
function audited(name: string, root: string | undefined, traits: Traits = {}): AuditedPackage {
  const { padded = true, needs = [], ...rest } = traits;
  const { version, hash } = node(name);
  return {
    tag: `${name}.spack`,
    package: { name, version, hash },
    layer: "sha256:0",
    place:
      root === undefined
        ? undefined
        : {
            prefix: `${root}/${name}`,
            root,
            unpaddedRoot: root,
            paddedLength: padded ? root.length : undefined,
            projection: "{name}",
            by: "binary_distribution",
          },
    otherPrefixes: [],
    hasBinaries: true,
    spackVersion: undefined,
    way: "ends",
    requests: 2,
    bytes: 1,
    runtimeDependencies: needs.map(hashOf),
    ...rest,
  };
}

function findingsOf(...packages: readonly AuditedPackage[]) {
  return rootFindings(packages, rootsOf(packages));
}

describe("rootsOf", () => {
  it("lists the root with the most packages first, and equal ones by name", () => {
    const roots = rootsOf([
      audited("a", "/c"),
      audited("b", "/b"),
      audited("c", "/a"),
      audited("d", "/a"),
      audited("e", undefined),
    ]);
    expect(roots.map(({ root, packages }) => [root, packages.length])).toEqual([
      ["/a", 2],
      ["/b", 1],
      ["/c", 1],
    ]);
  });
});

describe("rootFindings", () => {
  it("finds nothing below one padded root", () => {
    expect(findingsOf(audited("a", "/a"), audited("b", "/a", { needs: ["a"] }))).toEqual([]);
  });

  it("counts packages that run with packages below another root", () => {
    const [mixed, ...others] = findingsOf(
      audited("a", "/a"),
      audited("b", "/b", { needs: ["a"] }),
      audited("c", "/b", { needs: ["b"] }),
    );
    expect(mixed).toMatchObject({ kind: "mixed-roots", root: undefined, packages: 1, tags: ["b.spack"] });
    expect(mixed?.what).toBe(
      "the packages were packed below 2 roots: /b/ (2), /a/ (1); 1 package runs with packages below another root, and images of them mix roots",
    );
    expect(others).toEqual([]);
  });

  it("mentions several roots even if no package runs with one below another", () => {
    const [mixed] = findingsOf(audited("a", "/a"), audited("b", "/b"));
    expect(mixed).toMatchObject({ kind: "mixed-roots", packages: 0, tags: [] });
    expect(mixed?.what).toContain("images of packages from several of them mix roots");
  });

  it("ignores dependencies that are unknown or whose root is", () => {
    const [mixed] = findingsOf(
      audited("a", undefined),
      audited("b", "/a", { needs: ["a", "gone"] }),
      audited("c", "/b"),
    );
    expect(mixed).toMatchObject({ kind: "mixed-roots", packages: 0 });
  });

  it("reports unpadded roots, unless their packages have no binaries", () => {
    const [short, ...others] = findingsOf(
      audited("a", "/opt", { padded: false }),
      audited("b", "/opt", { padded: false, hasBinaries: false }),
      audited("c", "/opt", { padded: false, hasBinaries: undefined }),
    );
    expect(short).toMatchObject({
      kind: "short-root",
      root: "/opt",
      packages: 2,
      tags: ["a.spack", "c.spack"],
    });
    expect(short?.what).toBe(
      "2 packages cannot be pulled into roots longer than 4 characters if their binaries contain paths: /opt/ is not padded",
    );
    expect(short?.hint).toMatch(/padded_length/);
    expect(others).toEqual([]);
  });

  it("reports padded roots that are shorter than others", () => {
    const findings = findingsOf(audited("a", "/short"), audited("b", "/much-longer"));
    expect(findings.filter(({ kind }) => kind === "short-root")).toEqual([
      expect.objectContaining({
        root: "/short",
        what: expect.stringMatching(/^a@1\/aaaaaaa .*is shorter than others, which have up to 12$/),
      }),
    ]);
  });

  it("reports paths outside of a package's root, with an example", () => {
    const [foreign, ...others] = findingsOf(
      audited("a", "/a", { otherPrefixes: ["/a/b", "/abc/d"] }),
      audited("b", "/a", { otherPrefixes: undefined }),
    );
    expect(foreign).toMatchObject({ kind: "foreign-prefix", root: "/a", packages: 1 });
    expect(foreign?.what).toContain("such as /abc/d;");
    expect(others).toEqual([]);
  });

  it("reports layers that do not reveal their root, with a limited number of tags", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const [unknown] = findingsOf(...names.map((name) => audited(name, undefined)));
    expect(unknown).toMatchObject({ kind: "unknown-root", packages: 6 });
    expect(unknown?.tags).toEqual(["a", "b", "c", "d", "e"].map((name) => `${name}.spack`));
    expect(unknown?.what).toBe("6 packages do not reveal the root that they were packed below");
  });
});
